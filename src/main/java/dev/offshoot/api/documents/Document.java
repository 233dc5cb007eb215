package dev.offshoot.api.documents;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * One page of documentation, as it is and compressed.
 *
 * @param type its media type
 */
public record Document(String type, Content plain, Content compressed) {
    private static final int TAG_BYTES = 16;

    /**
     * What is sent of a page. All answers share its bytes, which are outside the heap: the HTTP library copies what it
     * sends from the heap, and keeps the copy until the client has read it.
     *
     * @param tag a strong entity tag (RFC 9110, section 8.8.3)
     */
    public record Content(ByteBuf bytes, String tag, boolean isCompressed) {
        static Content of(byte[] bytes, boolean isCompressed) {
            var direct = Unpooled.directBuffer(bytes.length, bytes.length).writeBytes(bytes);
            return new Content(Unpooled.unreleasableBuffer(direct.asReadOnly()), tagOf(bytes), isCompressed);
        }

        public int length() {
            return bytes.readableBytes();
        }

        /** The bytes from there on, as many as there are but at most so many. */
        public Buffer piece(int from, int most) {
            return Buffer.buffer(bytes.slice(from, Math.min(most, length() - from)));
        }
    }

    static Document of(String type, byte[] bytes) {
        return new Document(type, Content.of(bytes, false), Content.of(compress(bytes), true));
    }

    private static byte[] compress(byte[] bytes) {
        var compressed = new ByteArrayOutputStream(bytes.length / 4);
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return compressed.toByteArray();
    }

    private static String tagOf(byte[] bytes) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(Arrays.copyOf(digest, TAG_BYTES)) + '"';
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
