package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All calls of one API, and who may make them, on one page. A test compares it with the OpenAPI document. */
public record Routes(List<Route> all) {
    /**
     * Routes with fewer parameters come first, and of as many those with more segments before the first one: a literal
     * segment wins over a parameter, as in the framework's matching.
     */
    private static final Comparator<Route> MOST_LITERAL_FIRST =
            Comparator.comparingInt(Route::parameters).thenComparingInt(route -> -route.firstParameter());

    public Routes {
        all = all.stream().sorted(MOST_LITERAL_FIRST).toList();
    }

    public Optional<Route> find(String method, String path) {
        for (var route : of(path)) {
            if (route.hasMethod(method)) {
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }

    /** The routes that match a path: all have one template. */
    private List<Route> of(String path) {
        var segments = Route.segments(path);
        var fitting = new ArrayList<Route>();
        for (var route : all) {
            if (route.hasPath(segments) && (fitting.isEmpty() || fitting.get(0).hasTemplateOf(route))) {
                fitting.add(route);
            }
        }
        return fitting;
    }

    /** Why no route matches: the path is unknown, or it does not take the method. */
    Failure missing(String path) {
        var allowed = allowed(path);
        return allowed.isEmpty() ? new Failure.NotFound(Failure.Subject.PATH) : new Failure.MethodNotAllowed(allowed);
    }

    private Set<String> allowed(String path) {
        var methods = of(path).stream().map(Route::method).collect(Collectors.toCollection(TreeSet::new));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }
}
