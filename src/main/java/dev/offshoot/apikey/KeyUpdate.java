package dev.offshoot.apikey;

import dev.offshoot.organisation.Change;
import java.time.Instant;
import java.util.List;

/**
 * What is to be changed of a key. Only its expiry can be cleared.
 *
 * @param allowedFrom empty for everywhere; entries that stay keep their counts
 */
public record KeyUpdate(
        Change<String> name,
        Change<List<Role>> roles,
        Change<Instant> expiresAt,
        Change<List<AddressRange>> allowedFrom) {}
