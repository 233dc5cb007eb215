package dev.offshoot.apikey;

import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.testing.Installation;
import dev.offshoot.value.KeyId;
import java.util.List;
import org.bson.Document;

/** Seals a key's HA1 as the service does, for keys that a test stores by hand. */
public final class SealedKeys {
    private SealedKeys() {}

    public static Document sealedHa1(KeySecret secret) {
        return sealedHa1(secret.id(), secret);
    }

    /** The HA1 of that secret, sealed as the key's whose id is given. */
    public static Document sealedHa1(KeyId id, KeySecret secret) {
        var encryption = KeyEncryption.of(Installation.encryptionKey(), List.of());
        var sealed = encryption.orElseThrow().seal(id, secret.ha1());
        return new Document("key", sealed.key()).append("iv", sealed.iv()).append("text", sealed.text());
    }
}
