package dev.offshoot.api.http;

import dev.offshoot.apikey.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One call of an API: a method, a path and the roles that may make it.
 *
 * @param path the path as the API's table writes it
 * @param template the path's segments; a segment in braces matches any text
 * @param bodyLimit the longest body, in bytes, unpacked
 * @param takesGzip whether the body may be packed
 */
public record Route(
        String method, String path, List<String> template, Set<Role> roles, long bodyLimit, boolean takesGzip) {
    private static final String ANY = "*";

    /** The longest body of most calls. */
    public static final long BODY_LIMIT = 64 * 1024;

    public Route {
        template = List.copyOf(template);
        roles = Set.copyOf(roles);
    }

    public static Route of(String method, String path, Role... roles) {
        return of(method, path, Set.of(roles));
    }

    public static Route of(String method, String path, Set<Role> roles) {
        return new Route(method, path, segments(path), roles, BODY_LIMIT, false);
    }

    /** A route for a path and everything beneath it, with any method. */
    public static Route everything(String path, Set<Role> roles) {
        return of(ANY, path + "/" + ANY, roles);
    }

    public Route withGzipBody(long limit) {
        return new Route(method, path, template, roles, limit, true);
    }

    /** Splits a path into its segments, ignoring slashes at its end. */
    static List<String> segments(String path) {
        var end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return Arrays.asList(path.substring(1, end).split("/", -1));
    }

    boolean takesEverythingBeneath() {
        return method.equals(ANY);
    }

    boolean hasPath(List<String> segments) {
        if (takesEverythingBeneath()) {
            var path = template.subList(0, template.size() - 1);
            return segments.size() >= path.size()
                    && segments.subList(0, path.size()).equals(path);
        }
        if (segments.size() != template.size()) {
            return false;
        }
        for (var i = 0; i < template.size(); i++) {
            var expected = template.get(i);
            if (!(expected.startsWith("{") ? !segments.get(i).isEmpty() : expected.equals(segments.get(i)))) {
                return false;
            }
        }
        return true;
    }

    /** How many segments of the template match any text. */
    int parameters() {
        var parameters = 0;
        for (var segment : template) {
            parameters += segment.startsWith("{") ? 1 : 0;
        }
        return parameters;
    }

    /** How many segments of the template come before the first one that matches any text. */
    int firstParameter() {
        var first = 0;
        while (first < template.size() && !template.get(first).startsWith("{")) {
            first++;
        }
        return first;
    }

    boolean hasTemplateOf(Route other) {
        return template.equals(other.template);
    }

    /** Whether the route takes the method. A route for GET also takes HEAD. */
    boolean hasMethod(String asked) {
        return takesEverythingBeneath() || method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }
}
