package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All calls of one API, and who may make them, on one page. A test compares it with the OpenAPI document. */
public record Routes(List<Route> all) {
    public Routes {
        all = List.copyOf(all);
    }

    public Optional<Route> find(String method, String path) {
        return of(path).filter(route -> route.hasMethod(method)).findFirst();
    }

    /** The routes that match a path. A literal segment wins over a parameter, as in the framework's matching. */
    private Stream<Route> of(String path) {
        var segments = Route.segments(path);
        var fitting = all.stream().filter(route -> route.hasPath(segments)).toList();
        var fewest = fitting.stream().mapToLong(Route::parameters).min().orElse(0);
        return fitting.stream().filter(route -> route.parameters() == fewest);
    }

    /** Why no route matches: the path is unknown, or it does not take the method. */
    Failure missing(String path) {
        var allowed = allowed(path);
        return allowed.isEmpty() ? new Failure.NotFound(Failure.Subject.PATH) : new Failure.MethodNotAllowed(allowed);
    }

    private Set<String> allowed(String path) {
        var methods = of(path).map(Route::method).collect(Collectors.toCollection(TreeSet::new));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }
}
