package dev.offshoot.idempotency;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bson.types.ObjectId;

/**
 * One try of a write. What the write mints comes from here, so that every try of it mints the same: one id, and bytes that
 * are random to everybody who does not know the seed.
 */
public final class Attempt {
    private static final int BYTES = 32;

    private static final String MAC = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Kind kind;
    private final ObjectId id;
    private final byte[] seed;
    private volatile Runnable whenAnswered = () -> {};

    private enum Kind {
        ONLY,
        FIRST,
        FURTHER
    }

    private Attempt(Kind kind, ObjectId id, byte[] seed) {
        this.kind = kind;
        this.id = id;
        this.seed = seed;
    }

    /** The only try of a write that nobody sends again, for which nothing has to be minted again. */
    public static Attempt once() {
        return new Attempt(Kind.ONLY, new ObjectId(), new byte[0]);
    }

    /** The first try of a write that may be sent again. */
    static Attempt first() {
        return new Attempt(Kind.FIRST, new ObjectId(), random());
    }

    /** A further try of a write, after one with this id and seed that may have done anything from nothing to all. */
    static Attempt again(ObjectId id, byte[] seed) {
        return new Attempt(Kind.FURTHER, id, seed.clone());
    }

    /** The id of the one thing that the write is about. */
    public ObjectId id() {
        return id;
    }

    /** Whether an earlier try may have done a part of the work, or all of it. */
    public boolean isRepeated() {
        return kind == Kind.FURTHER;
    }

    /** Whether a further try may follow, so that the work has to leave a trace of what it did. */
    public boolean isRepeatable() {
        return kind != Kind.ONLY;
    }

    /** Does something once the answer is kept, because no further try can follow then. */
    public void whenAnswered(Runnable action) {
        whenAnswered = action;
    }

    void answered() {
        whenAnswered.run();
    }

    byte[] seed() {
        return seed.clone();
    }

    /**
     * 32 bytes for one purpose, by HMAC-SHA256. Those of an only try are drawn at each call, which costs less.
     *
     * @param purpose names what they are for; other releases have to give it the same name
     */
    public byte[] bytes(String purpose) {
        if (kind == Kind.ONLY) {
            return random();
        }
        try {
            var mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(seed, MAC));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + MAC, impossible);
        }
    }

    /**
     * Digits for one purpose: the number that its bytes are, lowest digit first. With at most 128 bits of digits they are
     * evenly distributed for all that anybody can find out.
     *
     * @param digits the alphabet
     */
    public String text(String purpose, String digits, int length) {
        var number = new int[BYTES / Integer.BYTES];
        ByteBuffer.wrap(bytes(purpose)).asIntBuffer().get(number);
        var text = new StringBuilder(length);
        for (var place = 0; place < length; place++) {
            text.append(digits.charAt(divide(number, digits.length())));
        }
        return text.toString();
    }

    /** Divides a number of many words, the highest first, and returns the remainder. */
    private static int divide(int[] number, int by) {
        var remainder = 0L;
        for (var word = 0; word < number.length; word++) {
            var current = remainder << Integer.SIZE | Integer.toUnsignedLong(number[word]);
            number[word] = (int) (current / by);
            remainder = current % by;
        }
        return (int) remainder;
    }

    private static byte[] random() {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return "Attempt[" + id + "]";
    }
}
