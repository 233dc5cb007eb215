package dev.offshoot.digest;

import dev.offshoot.value.KeyId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bson.types.Binary;

/**
 * Seals and opens what has to be read again, under the installation's key-encryption keys: new things under the current
 * one, old things under whichever they name, so that it can be rotated.
 */
public final class KeyEncryption {
    /** The id of the key that a demonstration makes for itself. */
    public static final String DEMO_ID = "demo";

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final String MAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 8;
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;
    /** Of 32 random bytes, at least so many are different. Three keys in 10^17 have fewer. */
    private static final int LEAST_DIFFERENT = 16;

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/]{43}=)");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<EncryptionKey> keys;

    /** @param keys the current one first; at least that one */
    private KeyEncryption(List<EncryptionKey> keys) {
        this.keys = List.copyOf(keys);
    }

    private record EncryptionKey(String id, SecretKeySpec secret) {
        static Optional<EncryptionKey> parse(String text) {
            var matcher = FORM.matcher(text);
            return matcher.matches()
                    ? Optional.of(new EncryptionKey(
                            matcher.group(1),
                            new SecretKeySpec(Base64.getDecoder().decode(matcher.group(2)), "AES")))
                    : Optional.empty();
        }
    }

    /**
     * Reads the keys, each as its id, a colon and 32 bytes in base 64; nothing when one of them is not.
     *
     * @param previous those that things may still be sealed under
     */
    public static Optional<KeyEncryption> of(String current, List<String> previous) {
        var texts = new ArrayList<>(List.of(current));
        texts.addAll(previous);
        var keys = texts.stream()
                .map(EncryptionKey::parse)
                .flatMap(Optional::stream)
                .toList();
        return keys.size() == texts.size() ? Optional.of(new KeyEncryption(keys)) : Optional.empty();
    }

    /** A new key under an id of its own, as {@link #of} reads it. */
    public static String mintKey() {
        var id = new byte[ID_BYTES];
        RANDOM.nextBytes(id);
        return mintKey("k" + HexFormat.of().formatHex(id));
    }

    /** A new key, as {@link #of} reads it. */
    public static String mintKey(String id) {
        var bytes = new byte[KEY_BYTES];
        RANDOM.nextBytes(bytes);
        return id + ":" + Base64.getEncoder().encodeToString(bytes);
    }

    /** The id of a key that {@link #of} reads; nothing for what it does not. */
    public static Optional<String> idOf(String text) {
        return EncryptionKey.parse(text).map(EncryptionKey::id);
    }

    /** Whether somebody made up the key instead of having it minted: of few different bytes, or of text. */
    public static boolean isGuessable(String text) {
        return EncryptionKey.parse(text)
                .map(key -> key.secret().getEncoded())
                .filter(bytes -> isText(bytes) || different(bytes) < LEAST_DIFFERENT)
                .isPresent();
    }

    private static boolean isText(byte[] bytes) {
        return IntStream.range(0, bytes.length).allMatch(i -> bytes[i] >= ' ' && bytes[i] <= '~');
    }

    private static long different(byte[] bytes) {
        return IntStream.range(0, bytes.length).map(i -> bytes[i]).distinct().count();
    }

    /** The id of the key that new things are sealed under. */
    public String currentId() {
        return keys.get(0).id();
    }

    /** Whether there is a key of that id, be it current or previous. */
    public boolean knows(String id) {
        return keys.stream().anyMatch(key -> key.id().equals(id));
    }

    /** Seals the HA1 of that key. */
    public Sealed seal(KeyId id, byte[] ha1) {
        return seal(id.value(), ha1);
    }

    /**
     * Seals what belongs to an owner, so that it can't pass for another's.
     *
     * @param owner the owner's id, in ASCII
     */
    public Sealed seal(String owner, byte[] secret) {
        var key = keys.get(0);
        var iv = new byte[IV_BYTES];
        RANDOM.nextBytes(iv);
        try {
            var text = cipher(Cipher.ENCRYPT_MODE, key, iv, owner).doFinal(secret);
            return new Sealed(key.id(), new Binary(iv), new Binary(text));
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("cannot seal", failure);
        }
    }

    /** What was sealed for that key; nothing when its key-encryption key is not known here, or it was tampered with. */
    public Optional<byte[]> open(KeyId id, Sealed sealed) {
        return open(id.value(), sealed);
    }

    /** Like {@link #open(KeyId, Sealed)}, for what belongs to that owner. */
    public Optional<byte[]> open(String owner, Sealed sealed) {
        return keys.stream()
                .filter(key -> key.id().equals(sealed.key()) && isLongEnough(sealed))
                .findFirst()
                .flatMap(key -> open(key, owner, sealed));
    }

    /** A key for another purpose, derived from the current key-encryption key and so the same on every replica. */
    public byte[] derive(String purpose) {
        try {
            var mac = Mac.getInstance(MAC);
            mac.init(keys.get(0).secret());
            return mac.doFinal(("offshoot " + purpose).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + MAC, impossible);
        }
    }

    /** The cipher may answer a text that is no longer than its tag with an unchecked exception. */
    private static boolean isLongEnough(Sealed sealed) {
        return sealed.text().length() > TAG_BITS / Byte.SIZE;
    }

    private static Optional<byte[]> open(EncryptionKey key, String owner, Sealed sealed) {
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, key, sealed.iv().getData(), owner)
                    .doFinal(sealed.text().getData()));
        } catch (GeneralSecurityException tampered) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, EncryptionKey key, byte[] iv, String owner) throws GeneralSecurityException {
        var cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, iv));
        cipher.updateAAD(owner.getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }
}
