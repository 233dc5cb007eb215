package dev.offshoot.organisation;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;

import com.mongodb.client.model.Filters;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.OrgId;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * The query of a list. One of the wanted attributes leads to the records by its index: the organisation key, else the
 * external id, else the name. The others are checked on what it finds, in a form that no index answers, because FerretDB
 * prefers the index that has the most of a query's conditions.
 *
 * @param selective whether an index of its own answers the query, without the lineage of the scope
 * @param unique whether it finds one record at most
 */
record ListingFilter(Bson query, boolean selective, boolean unique) {

    static ListingFilter of(OrgScope scope, Listing listing) {
        var wanted = listing.wanted();
        if (wanted.organisationKey() != null) {
            return byKey(scope, listing, wanted.organisationKey());
        }
        if (wanted.externalId() != null) {
            return byExternalId(scope, listing, wanted.externalId());
        }
        var named = wanted.nameKey() == null ? Filters.empty() : eq("name_key", wanted.nameKey());
        return listing.subtree()
                ? new ListingFilter(and(named, state(listing)), false, false)
                : new ListingFilter(and(eq("parent", scope.root()), named, state(listing)), true, false);
    }

    /** The query of the records behind that id. The other indexes hold the ids, so they answer that too. */
    ListingFilter continued(@Nullable OrgId after) {
        if (after == null) {
            return this;
        }
        var behind = unique ? checked("$gt", "_id", after) : gt("_id", after);
        return new ListingFilter(and(query, behind), selective, unique);
    }

    private static ListingFilter byKey(OrgScope scope, Listing listing, UrlKey key) {
        var externalId = listing.wanted().externalId();
        var rest = and(
                place(scope, listing),
                externalId == null ? Filters.empty() : checked("$eq", "external_id", externalId.text()),
                name(listing),
                state(listing));
        return new ListingFilter(and(eq("organisation_key", key.text()), rest), true, true);
    }

    /**
     * Among live children an external id is unique. Elsewhere it is not, and other trees may have the same one thousands
     * of times, so the lineage leads to it.
     */
    private static ListingFilter byExternalId(OrgScope scope, Listing listing, ExternalId externalId) {
        if (!listing.subtree() && !listing.withDeleted()) {
            var key = Organisation.liveExternalKey(scope.root(), externalId);
            return new ListingFilter(and(eq("live_external_key", key), name(listing)), true, true);
        }
        var rest = and(place(scope, listing), name(listing), state(listing));
        return new ListingFilter(and(eq("external_id", externalId.text()), rest), false, false);
    }

    /** Children are found by the second entry of their lineage, which is their parent. */
    private static Bson place(OrgScope scope, Listing listing) {
        return listing.subtree() ? Filters.empty() : eq("lineage.1", scope.root());
    }

    private static Bson name(Listing listing) {
        var nameKey = listing.wanted().nameKey();
        return nameKey == null ? Filters.empty() : checked("$eq", "name_key", nameKey);
    }

    private static Bson state(Listing listing) {
        return listing.withDeleted() ? in("deleted", false, true) : eq("deleted", false);
    }

    /** A condition that no index answers. The value is a literal: it may begin with a dollar sign. */
    private static Bson checked(String comparison, String field, Object value) {
        return expr(new Document(comparison, List.of("$" + field, new Document("$literal", value))));
    }
}
