package dev.offshoot.apikey;

import dev.offshoot.testing.Installation;
import java.util.List;
import org.bson.Document;

/** Seals a key's HA1 as the service does, for keys that a test stores by hand. */
public final class SealedKeys {
    private SealedKeys() {}

    public static Document sealedHa1(KeySecret secret) {
        var encryption = KeyEncryption.of(Installation.encryptionKey(), List.of());
        var sealed = encryption.orElseThrow().seal(secret.id(), secret.ha1());
        return new Document("key", sealed.key()).append("iv", sealed.iv()).append("text", sealed.text());
    }
}
