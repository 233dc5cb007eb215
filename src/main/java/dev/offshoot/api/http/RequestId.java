package dev.offshoot.api.http;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Identifies one request in its answer, in the body of an error and in the log. */
public record RequestId(String value) {
    public static final String HEADER = "X-Request-Id";

    /** Excludes anything that contains the prefix of a key: ids are logged, and a client may mix up its headers. */
    private static final Pattern FORM = Pattern.compile("(?!.*osk_)[A-Za-z0-9._-]{1,128}");

    private static final long VERSION_BITS = 0xF000L;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_BITS = 0xC000_0000_0000_0000L;
    private static final long VARIANT_RFC = 0x8000_0000_0000_0000L;

    /** Takes the client's own id if it is well-formed; otherwise makes a new one. */
    static RequestId of(@Nullable String offered) {
        return new RequestId(offered != null && FORM.matcher(offered).matches() ? offered : made().toString());
    }

    /** A version 4 UUID (RFC 9562, section 5.4). It need not be hard to guess, and so takes no secure random numbers. */
    private static UUID made() {
        var random = ThreadLocalRandom.current();
        return new UUID(
                (random.nextLong() & ~VERSION_BITS) | VERSION_4, (random.nextLong() & ~VARIANT_BITS) | VARIANT_RFC);
    }

    @Override
    public String toString() {
        return value;
    }
}
