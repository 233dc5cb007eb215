package dev.offshoot.organisation;

import dev.offshoot.value.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * Which organisations of a scope are asked for, in order of their ids.
 *
 * @param subtree all of the scope; otherwise the direct children of its top
 * @param nameKey only those whose names have this search key
 * @param after continue behind this id, which costs the same however far it is
 * @param counted whether the total is wanted
 */
public record Listing(
        boolean subtree,
        boolean withDeleted,
        @Nullable String nameKey,
        @Nullable OrgId after,
        int skip,
        int limit,
        boolean counted) {}
