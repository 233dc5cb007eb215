package dev.offshoot.api;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;

/** The APIs there are. A path that belongs to none of them is the Partner API's, whose prefix is empty. */
@ApplicationScoped
public class Surfaces {
    private final List<ApiSurface> surfaces;

    Surfaces(@All List<ApiSurface> surfaces) {
        this.surfaces = surfaces.stream()
                .sorted(Comparator.comparing(
                                (ApiSurface surface) -> surface.prefix().length())
                        .reversed())
                .toList();
    }

    /** @param path as it was sent, still percent-encoded */
    ApiSurface of(String path) {
        return surfaces.stream()
                .filter(surface -> path.equals(surface.prefix()) || path.startsWith(surface.prefix() + "/"))
                .findFirst()
                .orElseThrow();
    }
}
