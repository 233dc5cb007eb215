package dev.offshoot.testing;

import dev.offshoot.testing.Http.Answer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of one of the APIs, as far as all of them are alike. Paths are below the API's own and percent-encoded. */
public interface ApiClient {

    /** Where the API begins; it does not end in a slash. */
    String prefix();

    /** A request with the key, for a test to add to. */
    Request keyed(String method, String path);

    /** @param body as it is sent, well-formed or not */
    default Request keyed(String method, String path, String body) {
        return keyed(method, path).header("Content-Type", "application/json").body(body);
    }

    default Answer send(String method, String path) {
        return keyed(method, path).send();
    }

    default Answer send(String method, String path, Object body) {
        return sendText(method, path, Http.text(body));
    }

    /** @param body as it is sent, well-formed or not */
    default Answer sendText(String method, String path, String body) {
        return keyed(method, path, body).send();
    }

    /** @param headers in the place of those that the client sends by itself */
    default Answer call(String method, String path, @Nullable String body, Map<String, String> headers) {
        var request = body == null ? keyed(method, path) : keyed(method, path, body);
        headers.forEach(request::setHeader);
        return request.send();
    }
}
