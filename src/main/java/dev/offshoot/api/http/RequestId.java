package dev.offshoot.api.http;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names one request, in its answer, in the error's body and in the log. */
public record RequestId(String value) {
    public static final String HEADER = "X-Request-Id";

    /** Nothing that has a key's beginning in it: ids are logged, and a client may mix up its headers. */
    private static final Pattern FORM = Pattern.compile("(?!.*osk_)[A-Za-z0-9._-]{1,128}");

    /** The client's own, when it is well-formed; otherwise a new one. */
    static RequestId of(@Nullable String offered) {
        return new RequestId(
                offered != null && FORM.matcher(offered).matches()
                        ? offered
                        : UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
