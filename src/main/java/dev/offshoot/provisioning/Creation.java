package dev.offshoot.provisioning;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.Role;
import dev.offshoot.failure.Failure;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Creates an organisation with its keys, in four commands: the keys (an orphan key is refused, since its organisation
 * is absent), the organisation, which is the commit point, a look at the lineage, and the receipt for what was owed.
 */
@Singleton
public class Creation {
    private final OrganisationRepository organisations;
    private final KeyRepository keys;
    private final Settlement settlement;
    private final Clock clock;

    Creation(OrganisationRepository organisations, KeyRepository keys, Settlement settlement, Clock clock) {
        this.organisations = organisations;
        this.keys = keys;
        this.settlement = settlement;
        this.clock = clock;
    }

    /**
     * What was created; this is the only time that its keys are seen.
     *
     * @param partnerKey present when the organisation is a partner
     */
    public record Created(Organisation organisation, KeySecret key, Optional<KeySecret> partnerKey) {}

    /**
     * Creates a child of the scope's top organisation. Fails with {@link Failure.DepthExceeded}, with
     * {@link Failure.ExternalIdTaken}, or with {@link Failure.Unauthenticated} when the parent was deleted meanwhile.
     */
    public Uni<Created> create(OrgScope parent, NewOrganisation wanted) {
        if (parent.depth() >= Organisation.MAX_DEPTH) {
            return Uni.createFrom().failure(new Failure.DepthExceeded(Organisation.MAX_DEPTH).asException());
        }
        return Uni.createFrom().deferred(() -> {
            var now = clock.instant();
            var organisation = Organisation.create(parent, wanted, now);
            var partnerKey = wanted.partner() ? Optional.of(KeySecret.mint()) : Optional.<KeySecret>empty();
            var created = new Created(organisation, KeySecret.mint(), partnerKey);
            return store(parent, created).chain(() -> settle(parent, created));
        });
    }

    private Uni<Void> store(OrgScope parent, Created created) {
        var records = Stream.concat(
                        Stream.of(record(created, created.key(), Role.STANDARD)),
                        created.partnerKey().stream().map(secret -> record(created, secret, Role.PARTNER)))
                .toList();
        return keys.insertMinted(parent, records)
                .chain(() -> organisations.insert(parent, created.organisation()))
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithUni(taken -> withdraw(parent, records));
    }

    /** The organisation is surely not stored, so its keys go; if that fails too, the queue removes the orphans. */
    private Uni<Void> withdraw(OrgScope parent, List<ApiKey> records) {
        return keys.remove(parent, records.stream().map(ApiKey::id).toList())
                .onFailure()
                .recoverWithNull()
                .onItem()
                .failWith(() -> new Failure.ExternalIdTaken().asException());
    }

    private Uni<Created> settle(OrgScope parent, Created created) {
        return settlement.settle(parent, created.organisation()).map(live -> {
            if (!live) {
                throw new Failure.Unauthenticated().asException();
            }
            return created;
        });
    }

    private static ApiKey record(Created created, KeySecret secret, Role role) {
        var organisation = created.organisation();
        var name = role == Role.PARTNER ? "Partner key" : "Standard key";
        return ApiKey.of(secret, name, List.of(role), organisation.lineage(), organisation.createdAt());
    }
}
