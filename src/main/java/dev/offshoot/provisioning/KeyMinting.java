package dev.offshoot.provisioning;

import static dev.offshoot.failure.Failure.Subject.ORGANISATION;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.KeyMint;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.Role;
import dev.offshoot.failure.Failure;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;

/** Mints a key for an organisation that is there, and sees whether it still is once the key is stored. */
@Singleton
public class KeyMinting {
    private final KeyRepository keys;
    private final KeyMint mint;
    private final Settlement settlement;
    private final Clock clock;

    KeyMinting(KeyRepository keys, KeyMint mint, Settlement settlement, Clock clock) {
        this.keys = keys;
        this.mint = mint;
        this.settlement = settlement;
        this.clock = clock;
    }

    /** A key and, this one time, its secret. */
    public record Minted(ApiKey key, KeySecret secret) {}

    /** Fails with {@link Failure.NotFound} when the organisation was deleted meanwhile. */
    public Uni<Minted> mint(OrgScope scope, Organisation organisation, String name, List<Role> roles) {
        return Uni.createFrom().deferred(() -> {
            var secret = KeySecret.mint();
            var key = mint.record(secret, name, roles, organisation.lineage(), clock.instant());
            return keys.insertMinted(scope, List.of(key))
                    .chain(() -> settlement.settle(scope, key))
                    .map(live -> {
                        if (!live) {
                            throw new Failure.NotFound(ORGANISATION).asException();
                        }
                        return new Minted(key, secret);
                    });
        });
    }
}
