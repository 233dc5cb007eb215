package dev.offshoot.apikey;

import dev.offshoot.idempotency.Attempt;
import dev.offshoot.value.KeyId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.bson.types.Binary;

/**
 * A whole API key, which is a caller's only secret. The adapters take its text from a request; this class parses and
 * mints it, and nothing stores it. It consists of {@code osk_}, the key id, {@code _}, 32 random bytes in base 62 (43
 * digits), and the CRC-32 of everything before it in base 62 (6 digits).
 *
 * The checksum detects a mistyped key without a look-up. It protects nothing.
 */
public final class KeySecret {
    /** The realm of HTTP Digest. It is part of what is stored for every key and so never changes. */
    public static final String DIGEST_REALM = "MMS Public API";

    private static final String PREFIX = "osk_";
    private static final int RANDOM_DIGITS = 43;
    private static final int CHECKSUM_DIGITS = 6;
    private static final int HINT_LENGTH = 4;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String ID_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final Pattern FORM = Pattern.compile(
            PREFIX + "[a-z0-9]{" + KeyId.LENGTH + "}_[0-9A-Za-z]{" + (RANDOM_DIGITS + CHECKSUM_DIGITS) + "}");

    private final String text;
    private final byte[] sha256;

    private KeySecret(String text) {
        this.text = text;
        this.sha256 = digest("SHA-256", text);
    }

    /** Makes a new random key. */
    public static KeySecret mint() {
        return mint(Attempt.once(), "key");
    }

    /** Makes the key that each try mints for this purpose. */
    public static KeySecret mint(Attempt attempt, String purpose) {
        var id = attempt.text(purpose + " id", ID_DIGITS, KeyId.LENGTH);
        var unchecked = PREFIX + id + '_' + randomPart(attempt.bytes(purpose));
        return new KeySecret(unchecked + checksum(unchecked));
    }

    /** Parses a key; gives nothing if its form or its checksum is wrong. */
    public static Optional<KeySecret> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        var checked = text.length() - CHECKSUM_DIGITS;
        return checksum(text.substring(0, checked)).equals(text.substring(checked))
                ? Optional.of(new KeySecret(text))
                : Optional.empty();
    }

    public KeyId id() {
        return new KeyId(text.substring(PREFIX.length(), PREFIX.length() + KeyId.LENGTH));
    }

    /** The last four characters of the random part, by which people distinguish keys. */
    public String hint() {
        var end = text.length() - CHECKSUM_DIGITS;
        return text.substring(end - HINT_LENGTH, end);
    }

    /** The key's SHA-256, which is stored. A fast digest is safe because the key has 256 random bits. */
    public Binary digest() {
        return new Binary(sha256.clone());
    }

    /**
     * The MD5 of user name, realm and password, which HTTP Digest checks instead of the key (RFC 7616, section 3.4.2).
     */
    byte[] ha1() {
        return digest("MD5", id() + ":" + DIGEST_REALM + ":" + text);
    }

    /** Whether the digest is this key's. The comparison takes the same time wherever the two differ. */
    public boolean matches(Binary digest) {
        return MessageDigest.isEqual(sha256, digest.getData());
    }

    /** The text of the key, for the one answer that shows it. */
    public String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "KeySecret[" + id() + "]";
    }

    private static byte[] digest(String algorithm, String text) {
        try {
            return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has " + algorithm, impossible);
        }
    }

    private static String randomPart(byte[] bytes) {
        var words = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).asIntBuffer().get(words);
        return base62(words, RANDOM_DIGITS);
    }

    private static String checksum(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return base62(new int[] {(int) crc.getValue()}, CHECKSUM_DIGITS);
    }

    /**
     * Writes an unsigned number with leading zeros. Every key that is presented has a checksum, so this makes no numbers that
     * are thrown away.
     *
     * @param words the number, 32 bits each, the highest first; they are used up
     */
    static String base62(int[] words, int width) {
        var digits = new char[width];
        for (var place = width - 1; place >= 0; place--) {
            digits[place] = DIGITS.charAt(divide(words));
        }
        return String.valueOf(digits);
    }

    /** Divides the number by 62, and returns the remainder. */
    private static int divide(int[] words) {
        var rest = 0L;
        for (var i = 0; i < words.length; i++) {
            var dividend = (rest << Integer.SIZE) | Integer.toUnsignedLong(words[i]);
            words[i] = (int) (dividend / DIGITS.length());
            rest = dividend % DIGITS.length();
        }
        return (int) rest;
    }
}
