package dev.offshoot.organisation;

import dev.offshoot.value.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * Which organisations of a scope a list contains, in order of their ids.
 *
 * @param subtree all organisations of the scope; otherwise the direct children of its top
 * @param nameKey only organisations whose names have this search key
 * @param after continue after this id, which costs the same anywhere in the list
 * @param counted whether the total is requested
 */
public record Listing(
        boolean subtree,
        boolean withDeleted,
        @Nullable String nameKey,
        @Nullable OrgId after,
        int skip,
        int limit,
        boolean counted) {}
