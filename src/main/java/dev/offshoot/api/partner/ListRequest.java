package dev.offshoot.api.partner;

import dev.offshoot.api.read.Paging;
import dev.offshoot.api.read.QueryReader;
import dev.offshoot.apikey.Caller;
import dev.offshoot.apikey.KeyListing;
import dev.offshoot.failure.Violation;
import dev.offshoot.organisation.Listing;
import dev.offshoot.organisation.Listing.Attributes;
import dev.offshoot.organisation.UrlKey;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import dev.offshoot.value.Parsed;
import dev.offshoot.value.Rfc3339;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the queries of the lists of organisations and keys. */
final class ListRequest {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 100;

    /** Parameters that would list everything if they were ignored like other unknown ones, and what is meant by them. */
    private static final Map<String, String> MISTAKEN =
            Map.of("external_id", "partner_external_id", "name", "organisation_name");

    private ListRequest() {}

    static Listing organisations(QueryReader query) {
        var paging = Paging.read(query, "skip", MAX_LIMIT, DEFAULT_LIMIT, OrgId::parse);
        var withDeleted = query.flag("include_deleted");
        var subtree = query.choice("scope", Map.of("children", false, "subtree", true), "must be children or subtree")
                .orElse(false);
        var wanted = attributes(query);
        query.check();
        return new Listing(
                subtree, withDeleted, wanted, paging.after().orElse(null), paging.skip(), paging.limit(), true);
    }

    private static Attributes attributes(QueryReader query) {
        var key = query.read("organisation_key", UrlKey::parse);
        var externalId = query.read("partner_external_id", ExternalId::parse);
        var name = query.read("organisation_name", DisplayName::parse).map(DisplayName::searchKey);
        MISTAKEN.keySet().stream()
                .filter(query::has)
                .forEach(mistaken ->
                        query.refuse(Violation.of(mistaken, "is called " + MISTAKEN.get(mistaken) + " here")));
        return new Attributes(key.orElse(null), externalId.orElse(null), name.orElse(null));
    }

    static KeyListing keys(QueryReader query, Caller caller, OrgScope scope, @Nullable OrgId organisation) {
        var paging =
                Paging.read(query, "skip", MAX_LIMIT, DEFAULT_LIMIT, raw -> Parsed.of(KeyId.parse(raw), KeyId.RULE));
        var unusedSince = query.read("unused_since", Rfc3339::parse);
        var expiresBefore = query.read("expires_before", Rfc3339::parse);
        query.check();
        return new KeyListing(
                scope,
                organisation,
                caller.handles(),
                true,
                unusedSince.orElse(null),
                expiresBefore.orElse(null),
                paging.after().orElse(null),
                paging.skip(),
                paging.limit(),
                true);
    }

    /** Reads the parameter {@code scope} of calls about one organisation: whether everything beneath it is included. */
    static boolean isSubtree(QueryReader query, boolean otherwise) {
        return query.choice("scope", Map.of("self", false, "subtree", true), "must be self or subtree")
                .orElse(otherwise);
    }
}
