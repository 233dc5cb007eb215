package dev.offshoot.peer;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** A whole API key: its form, its checksum and what is stored of it. */
record KeySecret(String text) {
    static final String ID_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_START = 4;
    private static final int ID_LENGTH = 12;
    private static final int CHECKSUM_DIGITS = 6;
    private static final int HINT_LENGTH = 4;
    private static final Pattern FORM = Pattern.compile("osk_[a-z0-9]{12}_[0-9A-Za-z]{49}");
    private static final SecureRandom RANDOM = new SecureRandom();

    static Optional<KeySecret> parse(String text) {
        if (text == null || !FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        var checked = text.length() - CHECKSUM_DIGITS;
        return checksum(text.substring(0, checked)).equals(text.substring(checked))
                ? Optional.of(new KeySecret(text))
                : Optional.empty();
    }

    static KeySecret mint() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        var unchecked = "osk_" + randomText(ID_LENGTH) + "_" + base62(new BigInteger(1, bytes), 43);
        return new KeySecret(unchecked + checksum(unchecked));
    }

    static String randomText(int length) {
        var text = new StringBuilder(length);
        for (var i = 0; i < length; i++) {
            text.append(ID_DIGITS.charAt(RANDOM.nextInt(ID_DIGITS.length())));
        }
        return text.toString();
    }

    String id() {
        return text.substring(ID_START, ID_START + ID_LENGTH);
    }

    String hint() {
        var end = text.length() - CHECKSUM_DIGITS;
        return text.substring(end - HINT_LENGTH, end);
    }

    byte[] digest() {
        return digest("SHA-256", text);
    }

    byte[] ha1() {
        return digest("MD5", id() + ":MMS Public API:" + text);
    }

    boolean matches(byte[] digest) {
        return MessageDigest.isEqual(digest(), digest);
    }

    private static byte[] digest(String algorithm, String text) {
        try {
            return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String checksum(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        var digits = new char[CHECKSUM_DIGITS];
        var rest = crc.getValue();
        for (var i = digits.length - 1; i >= 0; i--) {
            digits[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
            rest /= DIGITS.length();
        }
        return new String(digits);
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
