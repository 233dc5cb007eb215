package dev.offshoot.api.http;

import io.vertx.core.buffer.Buffer;

/** A body while it comes in. No more of it is kept than its limit. */
sealed interface ArrivingBody extends AutoCloseable permits PlainBody, GzipBody {
    /** Takes the next bytes from the wire. */
    void add(byte[] bytes);

    /** How many bytes are kept of it, while it comes. */
    long kept();

    /** Whether the content is longer than the limit. */
    boolean isTooLong();

    /** Whether what came so far is all of a body. */
    boolean isWhole();

    /** The content, once it is whole. */
    Buffer content();

    /** Forgets what came so far. Any thread may call it; what comes after it is of no use. */
    void drop();

    /** Gives back what the reading took. */
    @Override
    void close();
}
