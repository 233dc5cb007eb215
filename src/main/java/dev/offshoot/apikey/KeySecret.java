package dev.offshoot.apikey;

import dev.offshoot.value.KeyId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.bson.types.Binary;

/**
 * A whole API key, which is the one secret of a caller: the adapters take its text from a request, this class reads and
 * mints it, and nothing stores it. It reads {@code osk_}, the key id,
 * {@code _}, 32 random bytes in base 62 (43 digits) and the CRC-32 of all before it in base 62 (6 digits).
 *
 * <p>The checksum tells a mistyped key from a good one without looking anything up; it protects nothing.
 */
public final class KeySecret {
    /** The realm of HTTP Digest, which is part of what is stored of every key and so never changes. */
    public static final String DIGEST_REALM = "MMS Public API";

    private static final String PREFIX = "osk_";
    private static final int RANDOM_BYTES = 32;
    private static final int RANDOM_DIGITS = 43;
    private static final int CHECKSUM_DIGITS = 6;
    private static final int HINT_LENGTH = 4;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String ID_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final Pattern FORM = Pattern.compile(
            PREFIX + "[a-z0-9]{" + KeyId.LENGTH + "}_[0-9A-Za-z]{" + (RANDOM_DIGITS + CHECKSUM_DIGITS) + "}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String text;

    private KeySecret(String text) {
        this.text = text;
    }

    /** A new key that nobody has. */
    public static KeySecret mint() {
        var unchecked = new StringBuilder(PREFIX);
        RANDOM.ints(KeyId.LENGTH, 0, ID_DIGITS.length()).forEach(digit -> unchecked.append(ID_DIGITS.charAt(digit)));
        unchecked.append('_').append(randomPart());
        return new KeySecret(unchecked + checksum(unchecked.toString()));
    }

    /** The key that the text is, if its form and its checksum are right. */
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

    /** The last four characters of the random part, by which a person tells keys apart. */
    public String hint() {
        var end = text.length() - CHECKSUM_DIGITS;
        return text.substring(end - HINT_LENGTH, end);
    }

    /** What is stored of it: its SHA-256. The key has 256 random bits, so a fast digest gives nothing away. */
    public Binary digest() {
        return new Binary(sha256());
    }

    /** What HTTP Digest checks instead of the key: the MD5 of user name, realm and password (RFC 7616, section 3.4.2). */
    byte[] ha1() {
        return digest("MD5", id() + ":" + DIGEST_REALM + ":" + text);
    }

    /** Whether the digest is this key's; the time it takes does not depend on where they differ. */
    public boolean matches(Binary digest) {
        return MessageDigest.isEqual(sha256(), digest.getData());
    }

    /** The key itself, for the one answer that shows it. */
    public String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "KeySecret[" + id() + "]";
    }

    private byte[] sha256() {
        return digest("SHA-256", text);
    }

    private static byte[] digest(String algorithm, String text) {
        try {
            return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has " + algorithm, impossible);
        }
    }

    private static String randomPart() {
        var bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return base62(new BigInteger(1, bytes), RANDOM_DIGITS);
    }

    private static String checksum(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return base62(BigInteger.valueOf(crc.getValue()), CHECKSUM_DIGITS);
    }

    private static String base62(BigInteger number, int width) {
        var digits = new StringBuilder();
        var base = BigInteger.valueOf(DIGITS.length());
        for (var rest = number; digits.length() < width; rest = rest.divide(base)) {
            digits.append(DIGITS.charAt(rest.mod(base).intValue()));
        }
        return digits.reverse().toString();
    }
}
