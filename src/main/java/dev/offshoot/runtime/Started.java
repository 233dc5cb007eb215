package dev.offshoot.runtime;

import dev.offshoot.apikey.KeySecret;
import java.util.Optional;

/**
 * The event of a start that has done everything it has to before the first request.
 *
 * @param mintedRootKey the root partner's key where {@link NewInstallation} was given one; it is known this one time
 */
public record Started(Optional<KeySecret> mintedRootKey) {}
