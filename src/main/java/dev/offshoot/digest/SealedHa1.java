package dev.offshoot.digest;

import org.bson.types.Binary;

/**
 * A key's Digest HA1, encrypted with AES-GCM under a key-encryption key, the key id as associated data.
 *
 * @param key the id of the key-encryption key
 * @param iv the initialisation vector, 12 bytes
 * @param text the ciphertext and its tag
 */
public record SealedHa1(String key, Binary iv, Binary text) {
    @Override
    public String toString() {
        return "SealedHa1[" + key + "]";
    }
}
