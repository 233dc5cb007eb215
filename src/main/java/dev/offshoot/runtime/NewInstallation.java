package dev.offshoot.runtime;

import dev.offshoot.apikey.KeySecret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The event that a start fires when there is no root partner and the settings have no key for it. It is fired before
 * anything is stored. An observer may mint the key.
 */
public final class NewInstallation {
    private @Nullable KeySecret rootKey;

    /** Sets the root partner's key. */
    public void useRootKey(KeySecret key) {
        rootKey = key;
    }

    Optional<KeySecret> rootKey() {
        return Optional.ofNullable(rootKey);
    }
}
