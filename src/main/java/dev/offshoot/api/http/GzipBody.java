package dev.offshoot.api.http;

import io.vertx.core.buffer.Buffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates a gzip body (RFC 1952) as it arrives, and keeps no more of it than the limit, whatever was packed. Members may
 * follow one another.
 */
final class GzipBody implements ArrivingBody {
    private static final int CHUNK = 16 * 1024;
    private static final int HEADER_LENGTH = 10;
    private static final int TRAILER_LENGTH = 8;
    private static final int[] START = {0x1f, 0x8b, 8};
    private static final int FLAGS = 3;
    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED = 0xe0;

    /** What the next byte belongs to. */
    private enum Part {
        HEADER,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        HEADER_CHECKSUM,
        DATA,
        TRAILER,
        BROKEN
    }

    private final long limit;
    private volatile Buffer body = Buffer.buffer();
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] inflated = new byte[CHUNK];
    private Part part = Part.HEADER;
    private int position;
    private int flags;
    private int extraLength;
    private long trailer;
    private long length;
    private boolean hasMember;

    GzipBody(long limit) {
        this.limit = limit;
    }

    @Override
    public void add(byte[] packed) {
        var next = 0;
        while (next < packed.length && part != Part.BROKEN && !isTooLong()) {
            if (part == Part.DATA) {
                next = inflate(packed, next);
            } else {
                frame(packed[next] & 0xff);
                next++;
            }
        }
    }

    @Override
    public long kept() {
        return body.length();
    }

    @Override
    public boolean isTooLong() {
        return length > limit;
    }

    @Override
    public boolean isWhole() {
        return hasMember && part == Part.HEADER && position == 0;
    }

    @Override
    public Buffer content() {
        return body;
    }

    @Override
    public void drop() {
        body = Buffer.buffer();
    }

    @Override
    public void close() {
        inflater.end();
        drop();
    }

    private int inflate(byte[] packed, int from) {
        inflater.setInput(packed, from, packed.length - from);
        try {
            while (!inflater.finished() && !inflater.needsInput() && !isTooLong()) {
                keep(inflater.inflate(inflated));
            }
        } catch (DataFormatException broken) {
            part = Part.BROKEN;
        }
        if (inflater.needsDictionary()) {
            part = Part.BROKEN;
        }
        if (inflater.finished()) {
            part = Part.TRAILER;
            position = 0;
            trailer = 0;
        }
        return packed.length - inflater.getRemaining();
    }

    private void keep(int count) {
        length += count;
        if (!isTooLong()) {
            checksum.update(inflated, 0, count);
            body.appendBytes(inflated, 0, count);
        }
    }

    /** One byte before or behind the data. */
    private void frame(int next) {
        switch (part) {
            case HEADER -> header(next);
            case EXTRA_LENGTH -> {
                extraLength |= next << (8 * position);
                position++;
                after(2, Part.EXTRA);
            }
            case EXTRA -> {
                position++;
                after(extraLength, Part.NAME);
            }
            case NAME -> endOfText(next, Part.COMMENT);
            case COMMENT -> endOfText(next, Part.HEADER_CHECKSUM);
            case HEADER_CHECKSUM -> {
                position++;
                after(2, Part.DATA);
            }
            case TRAILER -> trailer(next);
            case DATA, BROKEN -> throw new IllegalStateException("not framed: " + part);
        }
    }

    private void header(int next) {
        if (position < START.length && next != START[position]) {
            part = Part.BROKEN;
            return;
        }
        if (position == FLAGS) {
            flags = next;
            if ((flags & RESERVED) != 0) {
                part = Part.BROKEN;
                return;
            }
        }
        position++;
        after(HEADER_LENGTH, Part.EXTRA_LENGTH);
    }

    private void endOfText(int next, Part following) {
        if (next == 0) {
            begin(following);
        }
    }

    /** The member's checksum and the low half of its length, the least byte first. */
    private void trailer(int next) {
        trailer |= (long) next << (8 * position);
        position++;
        if (position == TRAILER_LENGTH) {
            var isRight = (trailer & 0xffffffffL) == checksum.getValue()
                    && trailer >>> 32 == (inflater.getBytesWritten() & 0xffffffffL);
            hasMember = true;
            inflater.reset();
            checksum.reset();
            part = isRight ? Part.HEADER : Part.BROKEN;
            position = 0;
        }
    }

    private void after(int count, Part following) {
        if (position == count) {
            begin(following);
        }
    }

    /** Begins that part, or the first behind it that the member has. */
    private void begin(Part following) {
        position = 0;
        part = following;
        if (part == Part.EXTRA_LENGTH) {
            extraLength = 0;
            skipUnless(HAS_EXTRA, Part.NAME);
        } else if (part == Part.EXTRA && extraLength == 0) {
            begin(Part.NAME);
        } else if (part == Part.NAME) {
            skipUnless(HAS_NAME, Part.COMMENT);
        } else if (part == Part.COMMENT) {
            skipUnless(HAS_COMMENT, Part.HEADER_CHECKSUM);
        } else if (part == Part.HEADER_CHECKSUM) {
            skipUnless(HAS_CHECKSUM, Part.DATA);
        }
    }

    private void skipUnless(int flag, Part following) {
        if ((flags & flag) == 0) {
            begin(following);
        }
    }
}
