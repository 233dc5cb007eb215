package dev.offshoot.api.http;

import io.vertx.core.buffer.Buffer;

/** A body without an encoding. */
final class PlainBody implements ArrivingBody {
    private final long limit;
    private volatile Buffer content = Buffer.buffer();
    private long length;

    PlainBody(long limit) {
        this.limit = limit;
    }

    @Override
    public void add(byte[] bytes) {
        length += bytes.length;
        if (isTooLong()) {
            drop();
        } else {
            content.appendBytes(bytes);
        }
    }

    @Override
    public long kept() {
        return content.length();
    }

    @Override
    public boolean isTooLong() {
        return length > limit;
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    @Override
    public Buffer content() {
        return content;
    }

    @Override
    public void drop() {
        content = Buffer.buffer();
    }

    @Override
    public void close() {
        drop();
    }
}
