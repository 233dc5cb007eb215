package dev.offshoot.api;

import dev.offshoot.failure.Failure;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All calls of one API: who may call what, on one page. A test holds it against the OpenAPI document. */
public record Routes(List<Route> all) {
    public Routes {
        all = List.copyOf(all);
    }

    public Optional<Route> find(String method, String path) {
        var segments = Route.segments(path);
        return all.stream()
                .filter(route -> route.hasMethod(method) && route.hasPath(segments))
                .findFirst();
    }

    /** Why there is no such call: an unknown path, or a path without that method. */
    Failure missing(String path) {
        var allowed = allowed(path);
        return allowed.isEmpty() ? new Failure.NotFound(Failure.Subject.PATH) : new Failure.MethodNotAllowed(allowed);
    }

    private Set<String> allowed(String path) {
        var segments = Route.segments(path);
        var methods = all.stream()
                .filter(route -> route.hasPath(segments))
                .map(Route::method)
                .collect(Collectors.toCollection(TreeSet::new));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }
}
