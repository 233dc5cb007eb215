package dev.offshoot.runtime;

import dev.offshoot.apikey.KeySecret;
import java.util.Optional;

/**
 * The event that is fired when the start is complete, before the first request.
 *
 * @param mintedRootKey the root partner's key if {@link NewInstallation} received one; it is available only this once
 */
public record Started(Optional<KeySecret> mintedRootKey) {}
