package dev.offshoot.testing.model;

import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.PartnerClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call as it is sent.
 *
 * @param padding white space behind the body: another request, though it asks for the same
 * @param key the {@code Idempotency-Key}, if there is one
 * @param conditions {@code If-Match} and {@code If-None-Match}, if they are there
 */
record Call(
        Caller caller,
        Operation operation,
        String padding,
        @Nullable String key,
        Map<String, String> conditions) {
    private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");

    /**
     * Who calls.
     *
     * @param organisation the one that the API key belongs to
     */
    record Caller(PartnerClient client, String organisation, Set<String> roles) {}

    Answer send() {
        var headers = new TreeMap<>(conditions);
        if (key != null) {
            headers.put("Idempotency-Key", key);
        }
        var answer = caller.client().call(operation.method(), operation.target(), body(), headers);
        if (answer.status() == 503) {
            throw new Unanswered();
        }
        return answer;
    }

    /** What makes it the same request when it is sent again: method, path, query and body. */
    String request() {
        return operation.method() + " " + operation.target() + " " + body();
    }

    /** Whether it is done once for all the times that it is sent. */
    boolean isOnce() {
        return key != null && WRITES.contains(operation.method()) && operation.takesKey();
    }

    /** The name under which its answer is kept. */
    String claim() {
        return caller.organisation() + " " + key;
    }

    /** Whether a change may be made in the state with that tag (RFC 9110, section 13.1). */
    boolean allowsChange(@Nullable String tag) {
        return expects(tag) && !has(tag);
    }

    /** Whether {@code If-Match}, which compares strongly, allows the call. */
    boolean expects(@Nullable String tag) {
        var tags = conditions.get("If-Match");
        return tags == null || tags.equals("*") || list(tags).anyMatch(each -> each.equals(tag));
    }

    /** Whether the client has the state with that tag: {@code If-None-Match} compares weakly. */
    boolean has(@Nullable String tag) {
        var tags = conditions.getOrDefault("If-None-Match", "");
        return tags.equals("*")
                || list(tags).map(each -> each.replaceFirst("^W/", "")).anyMatch(each -> each.equals(tag));
    }

    private static Stream<String> list(String tags) {
        return List.of(tags.split(", ")).stream();
    }

    @Nullable
    String body() {
        var body = operation.body();
        return body == null ? null : body + padding;
    }

    @Override
    public String toString() {
        return "%s%s as %s %s, key %s, %s"
                .formatted(request(), padding, caller.organisation(), caller.roles(), key, conditions);
    }
}
