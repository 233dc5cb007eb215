package dev.offshoot.api.partner;

import dev.offshoot.api.read.BodyReader;
import dev.offshoot.api.read.QueryReader;
import dev.offshoot.apikey.ApiKeys;
import dev.offshoot.apikey.Caller;
import dev.offshoot.apikey.KeyListing;
import dev.offshoot.apikey.KeyUpdate;
import dev.offshoot.apikey.NewKey;
import dev.offshoot.apikey.Role;
import dev.offshoot.failure.Problem;
import dev.offshoot.failure.Problem.Form;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import dev.offshoot.value.Parsed;
import dev.offshoot.value.Patch;
import dev.offshoot.value.Rfc3339;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The queries and bodies of the calls about API keys. A null is an absent field, but clears an expiry or a list. */
final class KeyRequests {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 100;
    private static final long MAX_OVERLAP = Duration.ofDays(7).toSeconds();
    private static final long MAX_COUNT = 1_000_000;
    private static final String[] READ_ONLY = {
        "key_id", "roles", "hint", "created_at", "last_used_at", "last_used_from", "revoked_at", "api_key"
    };

    private KeyRequests() {}

    /** A verification that is asked for. */
    record Verification(String apiKey, Optional<InetAddress> from, long count) {
        @Override
        public String toString() {
            return "Verification[count=" + count + "]";
        }
    }

    static KeyListing list(QueryReader query, Caller caller, OrgScope scope, @Nullable OrgId organisation) {
        var limit = query.integer("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        var skip = query.integer("skip", 0, Integer.MAX_VALUE, 0);
        var after = query.read("after", KeyRequests::keyId);
        var unusedSince = query.read("unused_since", Rfc3339::parse);
        var expiresBefore = query.read("expires_before", Rfc3339::parse);
        if (query.has("after") && query.has("skip")) {
            query.refuse("after", new Problem.Excludes("skip"));
        }
        query.check();
        return new KeyListing(
                scope,
                organisation,
                caller.handles(),
                true,
                unusedSince.orElse(null),
                expiresBefore.orElse(null),
                after.orElse(null),
                skip,
                limit,
                true);
    }

    static NewKey mint(byte[] body, Caller caller, Instant now) {
        var fields = BodyReader.of(body);
        var name = fields.requiredText("name", DisplayName::parseText);
        var roles = fields.requiredTexts("roles", 1, Role.values().length, raw -> role(raw, caller));
        var expiresAt = fields.optionalText("expires_at", Rfc3339::parse);
        if (expiresAt.isPresent() && !expiresAt.get().isAfter(now)) {
            fields.refuse("expires_at", Problem.Bare.PAST);
        }
        var allowedIps = allowedIps(fields);
        return fields.finish(() -> new NewKey(
                name.orElseThrow(),
                roles.orElseThrow().stream().distinct().sorted().toList(),
                expiresAt.orElse(null),
                allowedIps));
    }

    static KeyUpdate update(byte[] body) {
        var fields = BodyReader.of(body);
        var name = fields.textIfGiven("name", DisplayName::parseText);
        var expiresAt = fields.optionalText("expires_at", Rfc3339::parse);
        var allowedIps = allowedIps(fields);
        fields.readOnly(READ_ONLY);
        if (fields.isEmpty()) {
            fields.refuse("body", Problem.Bare.NOTHING_GIVEN);
        }
        return fields.finish(() -> new KeyUpdate(
                name.map(Patch::to).orElse(Patch.none()),
                Patch.none(),
                fields.has("expires_at") ? Patch.to(expiresAt.orElse(null)) : Patch.none(),
                fields.has("allowed_ips") ? Patch.to(allowedIps) : Patch.none()));
    }

    /** How long predecessor and successor are both good. */
    static Duration rotate(byte[] body) {
        var fields = BodyReader.of(body);
        var overlap = fields.optionalInteger("overlap_seconds", 0, MAX_OVERLAP);
        return fields.finish(() -> Duration.ofSeconds(overlap == null ? 0 : overlap));
    }

    static OrgId revokeAll(byte[] body) {
        var fields = BodyReader.of(body);
        var organisation = fields.requiredText("organisation_id", raw -> Parsed.good(OrgId.of(raw)));
        return fields.finish(organisation::orElseThrow);
    }

    static Verification verify(byte[] body) {
        var fields = BodyReader.of(body);
        var apiKey = fields.requiredText("api_key", Parsed::good);
        var from = fields.optionalText("ip", KeyRequests::address);
        var count = fields.optionalInteger("count", 0, MAX_COUNT);
        return fields.finish(() -> new Verification(apiKey.orElseThrow(), from, count == null ? 1 : count));
    }

    private static List<AddressRange> allowedIps(BodyReader fields) {
        if (!fields.given("allowed_ips")) {
            fields.optionalText("allowed_ips", Parsed::good);
            return List.of();
        }
        return fields
                .requiredTexts("allowed_ips", 0, ApiKeys.MOST_ENTRIES, KeyRequests::range)
                .orElse(List.of())
                .stream()
                .distinct()
                .toList();
    }

    private static Parsed<Role> role(String raw, Caller caller) {
        var role = Role.parse(raw);
        return role.orTell(problem -> {}).filter(caller.handles()::contains).isPresent()
                ? role
                : Parsed.malformed(Form.ROLE);
    }

    private static Parsed<KeyId> keyId(String raw) {
        return KeyId.parse(raw).map(Parsed::good).orElse(Parsed.malformed(Form.KEY_ID));
    }

    private static Parsed<AddressRange> range(String raw) {
        return AddressRange.parse(raw).map(Parsed::good).orElse(Parsed.malformed(Form.ADDRESS));
    }

    private static Parsed<InetAddress> address(String raw) {
        return AddressRange.parseAddress(raw).map(Parsed::good).orElse(Parsed.malformed(Form.IP));
    }
}
