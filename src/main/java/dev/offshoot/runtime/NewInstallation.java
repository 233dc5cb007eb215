package dev.offshoot.runtime;

import dev.offshoot.apikey.KeySecret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The event of a start that finds no root partner and no key for it in the settings. Whoever observes it may mint one;
 * it is fired before anything is stored.
 */
public final class NewInstallation {
    private @Nullable KeySecret rootKey;

    /** Gives the root partner this key. */
    public void useRootKey(KeySecret key) {
        rootKey = key;
    }

    Optional<KeySecret> rootKey() {
        return Optional.ofNullable(rootKey);
    }
}
