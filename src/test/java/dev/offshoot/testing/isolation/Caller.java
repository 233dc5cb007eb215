package dev.offshoot.testing.isolation;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a caller presents. */
public enum Caller {
    PARTNER(world -> world.caller().key()),
    ORG_OWNER(world -> with(world, "roles", List.of("ORG_OWNER"))),
    ORG_READ_ONLY(world -> with(world, "roles", List.of("ORG_READ_ONLY"))),
    GATEWAY(world -> with(world, "roles", List.of("GATEWAY"))),
    STANDARD(world -> world.caller().partner().apiKey()),
    CHILDS_STANDARD(world -> world.caller().child().apiKey()),
    /** A partner key without what HTTP Digest checks; it is as good as any elsewhere. */
    UNSEALED(world -> Stored.keyWithout(world.caller().key(), "sealed_ha1")),
    REVOKED(world -> with(world, "revoked_at", new Date())),
    EXPIRED(world -> with(world, "expires_at", Date.from(Instant.now().minusSeconds(1)))),
    OF_DELETED_ORGANISATION(Caller::keyOfDeletedPartner),
    BENEATH_DELETED(Caller::keyBeneathDeleted),
    WRONG_SECRET(world -> Stored.keyWithWrongSecret(world.caller().key())),
    MISTYPED(world -> mistyped(world.caller().key())),
    MALFORMED(world -> "not-a-key"),
    UNKNOWN(world -> KeySecret.mint().reveal()),
    NONE(world -> null);

    /** Those whose key is good on no API. */
    public static final Set<Caller> NOBODIES = EnumSet.range(REVOKED, NONE);

    private final Function<World, @Nullable String> key;

    Caller(Function<World, @Nullable String> key) {
        this.key = key;
    }

    /** The key, or null when the caller has none; each time it may be a new one. */
    public @Nullable String in(World world) {
        return key.apply(world);
    }

    private static String with(World world, String field, Object value) {
        return Stored.otherKey(world.caller().key(), Map.of(field, value));
    }

    private static @Nullable String keyOfDeletedPartner(World world) {
        var partner = world.caller().client().createPartner("To be deleted");
        world.caller().client().delete(partner.id());
        return partner.partnerKey();
    }

    /** Its partner's partner is deleted, and the cascade has not come down to it. */
    private static @Nullable String keyBeneathDeleted(World world) {
        var upper = world.caller().client().createPartner("Upper");
        var lower = PartnerClient.of(upper).createPartner("Lower");
        Stored.deleteWithoutCascade(upper.id());
        return lower.partnerKey();
    }

    private static String mistyped(String key) {
        var last = key.charAt(key.length() - 1);
        return key.substring(0, key.length() - 1) + (last == 'x' ? 'y' : 'x');
    }
}
