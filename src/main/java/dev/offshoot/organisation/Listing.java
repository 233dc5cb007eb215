package dev.offshoot.organisation;

import dev.offshoot.scope.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * Which organisations beneath the caller's are asked for, in order of their ids.
 *
 * @param subtree all beneath; otherwise the direct children
 * @param after continue behind this id, which costs the same however far it is
 */
public record Listing(
        boolean subtree, boolean withDeleted, @Nullable OrgId after, int skip, int limit) {}
