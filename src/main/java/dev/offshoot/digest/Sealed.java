package dev.offshoot.digest;

import org.bson.types.Binary;

/**
 * What was encrypted with AES-GCM under a key-encryption key, with the id of what it belongs to as associated data.
 *
 * @param key the id of the key-encryption key
 * @param iv the initialisation vector, 12 bytes
 * @param text the ciphertext and its tag
 */
public record Sealed(String key, Binary iv, Binary text) {
    @Override
    public String toString() {
        return "Sealed[" + key + "]";
    }
}
