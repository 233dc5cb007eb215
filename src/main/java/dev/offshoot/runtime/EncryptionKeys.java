package dev.offshoot.runtime;

import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.settings.Settings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** Provides the key-encryption keys from the settings. */
final class EncryptionKeys {
    @Produces
    @Singleton
    KeyEncryption keys(Settings settings) {
        var keys = settings.keyEncryption();
        return keys.current()
                .flatMap(current -> KeyEncryption.of(current, keys.previous().orElse(List.of())))
                .orElseThrow(() -> new IllegalStateException("the start checks let a malformed key pass"));
    }
}
