package dev.offshoot.organisation;

import dev.offshoot.value.ExternalId;
import dev.offshoot.value.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * Which organisations of a scope a list contains, in order of their ids.
 *
 * @param subtree all organisations of the scope; otherwise the direct children of its top
 * @param wanted only organisations that have all of these attributes
 * @param after continue after this id, which costs the same anywhere in the list
 * @param counted whether the total is requested
 */
public record Listing(
        boolean subtree,
        boolean withDeleted,
        Attributes wanted,
        @Nullable OrgId after,
        int skip,
        int limit,
        boolean counted) {

    /**
     * Attributes by which organisations are looked for. Null is any.
     *
     * @param nameKey the search key of the name
     */
    public record Attributes(
            @Nullable UrlKey organisationKey,
            @Nullable ExternalId externalId,
            @Nullable String nameKey) {
        public static final Attributes ANY = new Attributes(null, null, null);

        public static Attributes named(String nameKey) {
            return new Attributes(null, null, nameKey);
        }
    }
}
