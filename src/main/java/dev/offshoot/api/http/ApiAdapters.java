package dev.offshoot.api.http;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;

/** The APIs there are. A path that belongs to none of them is the Partner API's, whose prefix is empty. */
@ApplicationScoped
public class ApiAdapters {
    private final List<ApiAdapter> adapters;

    ApiAdapters(@All List<ApiAdapter> adapters) {
        this.adapters = adapters.stream()
                .sorted(Comparator.comparing(
                                (ApiAdapter adapter) -> adapter.prefix().length())
                        .reversed())
                .toList();
    }

    /** @param path as it was sent, still percent-encoded */
    ApiAdapter of(String path) {
        return adapters.stream()
                .filter(adapter -> path.equals(adapter.prefix()) || path.startsWith(adapter.prefix() + "/"))
                .findFirst()
                .orElse(adapters.get(adapters.size() - 1));
    }
}
