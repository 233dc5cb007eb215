package dev.offshoot.peer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bson.types.Binary;

/** Seals a key's HA1 under a key-encryption key, the key id as associated data. */
record KeyEncryption(String id, SecretKeySpec secret) {
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** @param text its id, a colon and 32 bytes in base 64 */
    static KeyEncryption of(String text) {
        var colon = text.indexOf(':');
        var bytes = Base64.getDecoder().decode(text.substring(colon + 1));
        return new KeyEncryption(text.substring(0, colon), new SecretKeySpec(bytes, "AES"));
    }

    ApiKey.SealedHa1 seal(String keyId, byte[] ha1) {
        var iv = new byte[IV_BYTES];
        RANDOM.nextBytes(iv);
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, secret, new GCMParameterSpec(TAG_BITS, iv));
            cipher.updateAAD(keyId.getBytes(StandardCharsets.US_ASCII));
            return new ApiKey.SealedHa1(id, new Binary(iv), new Binary(cipher.doFinal(ha1)));
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("cannot seal", failure);
        }
    }
}
