package dev.offshoot.api.http;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Identifies one request in its answer, in the body of an error and in the log. */
public record RequestId(String value) {
    public static final String HEADER = "X-Request-Id";

    /** Excludes anything that contains the prefix of a key: ids are logged, and a client may mix up its headers. */
    private static final Pattern FORM = Pattern.compile("(?!.*osk_)[A-Za-z0-9._-]{1,128}");

    /** Takes the client's own id if it is well-formed; otherwise makes a new one. */
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
