package dev.offshoot.api.http;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;

/** The APIs there are. A path that belongs to none of them is the Partner API's, which has an empty prefix. */
@ApplicationScoped
public class ApiAdapters {
    private final List<Prefix> prefixes;

    ApiAdapters(@All List<ApiAdapter> adapters) {
        this.prefixes = adapters.stream()
                .flatMap(adapter -> adapter.prefixes().stream().map(text -> new Prefix(text, adapter)))
                .sorted(Comparator.comparing((Prefix prefix) -> prefix.text().length())
                        .reversed())
                .toList();
    }

    private record Prefix(String text, ApiAdapter adapter) {
        boolean fits(String path) {
            return path.startsWith(text) && (path.length() == text.length() || path.charAt(text.length()) == '/');
        }
    }

    /** @param path as it was sent, still percent-encoded */
    ApiAdapter of(String path) {
        for (var prefix : prefixes) {
            if (prefix.fits(path)) {
                return prefix.adapter();
            }
        }
        return prefixes.get(prefixes.size() - 1).adapter();
    }
}
