package dev.offshoot.apikey;

import dev.offshoot.value.AddressRange;
import dev.offshoot.value.Patch;
import java.time.Instant;
import java.util.List;

/**
 * What is to be changed of a key. Only its expiry can be cleared.
 *
 * @param allowedFrom empty for everywhere; entries that stay keep their counts
 */
public record KeyUpdate(
        Patch<String> name, Patch<List<Role>> roles, Patch<Instant> expiresAt, Patch<List<AddressRange>> allowedFrom) {}
