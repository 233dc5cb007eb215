package dev.offshoot.api.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Identifies one request in its answer, in the body of an error and in the log. */
public record RequestId(String value) {
    public static final String HEADER = "X-Request-Id";

    /** Excludes anything that contains the prefix of a key: ids are logged, and a client may mix up its headers. */
    private static final Pattern FORM = Pattern.compile("(?!.*osk_)[A-Za-z0-9._-]{1,128}");

    private static final long VERSION_BITS = 0xF000L;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_BITS = 0xC000_0000_0000_0000L;
    private static final long VARIANT_RFC = 0x8000_0000_0000_0000L;

    /** Takes the client's own id if it sent one that is well-formed; otherwise makes a new one. */
    static RequestId of(HttpServerRequest request) {
        var offered = request.headers().getAll(HEADER);
        var isTaken = offered.size() == 1 && FORM.matcher(offered.get(0)).matches();
        return new RequestId(isTaken ? offered.get(0) : made().toString());
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
