package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All calls of one API: who may call what, on one page. A test holds it against the OpenAPI document. */
public record Routes(List<Route> all) {
    public Routes {
        all = List.copyOf(all);
    }

    public Optional<Route> find(String method, String path) {
        return of(path).filter(route -> route.hasMethod(method)).findFirst();
    }

    /** The routes of that path. One that is written out is not also what a parameter stands for, as the resources see it. */
    private Stream<Route> of(String path) {
        var segments = Route.segments(path);
        var fitting = all.stream().filter(route -> route.hasPath(segments)).toList();
        var fewest = fitting.stream().mapToLong(Route::parameters).min().orElse(0);
        return fitting.stream().filter(route -> route.parameters() == fewest);
    }

    /** Why there is no such call: an unknown path, or a path without that method. */
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
