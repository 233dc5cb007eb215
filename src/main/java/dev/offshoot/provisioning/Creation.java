package dev.offshoot.provisioning;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.KeyMint;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.NewKey;
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
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Creates an organisation with its keys, in four commands: the keys (an orphan key is refused, since its organisation
 * is absent), the organisation, which is the commit point, a look at its ancestors, and the completion of its pending
 * confirmation. The keys' own confirmations are left to the queue.
 */
@Singleton
public class Creation {
    private final OrganisationRepository organisations;
    private final KeyRepository keys;
    private final KeyMint mint;
    private final Confirmation confirmation;
    private final Clock clock;

    Creation(
            OrganisationRepository organisations,
            KeyRepository keys,
            KeyMint mint,
            Confirmation confirmation,
            Clock clock) {
        this.organisations = organisations;
        this.keys = keys;
        this.mint = mint;
        this.confirmation = confirmation;
        this.clock = clock;
    }

    /**
     * What was created; this is the only time that its keys are seen.
     *
     * @param keys by the one role that each has
     */
    public record Created(Organisation organisation, Map<Role, KeySecret> keys) {
        public Created {
            keys = Map.copyOf(keys);
        }
    }

    /**
     * Creates a child of the scope's top organisation, with a key for each of the roles. Fails with {@link Failure.DepthExceeded}, with
     * {@link Failure.ExternalIdTaken}, or with {@link Failure.Unauthenticated} when the parent was deleted meanwhile.
     */
    public Uni<Created> create(OrgScope parent, NewOrganisation wanted, Set<Role> keyRoles) {
        if (parent.depth() >= Organisation.MAX_DEPTH) {
            return Uni.createFrom().failure(new Failure.DepthExceeded(Organisation.MAX_DEPTH).asException());
        }
        return Uni.createFrom().deferred(() -> {
            var now = clock.instant();
            var organisation = Organisation.create(parent, wanted, now);
            var secrets = keyRoles.stream().collect(Collectors.toMap(Function.identity(), role -> KeySecret.mint()));
            var created = new Created(organisation, secrets);
            return store(parent, created).chain(() -> confirm(parent, created));
        });
    }

    private Uni<Void> store(OrgScope parent, Created created) {
        var records = created.keys().entrySet().stream()
                .map(key -> record(created, key.getValue(), key.getKey()))
                .toList();
        var keysFirst = records.isEmpty() ? Uni.createFrom().voidItem() : keys.insertMinted(parent, records);
        return keysFirst
                .chain(() -> organisations.insert(parent, created.organisation()))
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithUni(taken -> withdraw(parent, records));
    }

    /** The organisation is surely not stored, so its keys go; if that fails too, the queue removes the orphans. */
    private Uni<Void> withdraw(OrgScope parent, List<ApiKey> records) {
        var orphans = records.stream().map(ApiKey::id).toList();
        return (orphans.isEmpty() ? Uni.createFrom().voidItem() : keys.remove(parent, orphans))
                .onFailure()
                .recoverWithNull()
                .onItem()
                .failWith(() -> new Failure.ExternalIdTaken().asException());
    }

    private Uni<Created> confirm(OrgScope parent, Created created) {
        return confirmation.confirm(parent, created.organisation()).map(live -> {
            if (!live) {
                throw new Failure.Unauthenticated("parent_deleted").asException();
            }
            return created;
        });
    }

    private ApiKey record(Created created, KeySecret secret, Role role) {
        var organisation = created.organisation();
        var name = role == Role.PARTNER ? "Partner key" : "Standard key";
        return mint.record(
                secret, NewKey.unlimited(name, List.of(role)), organisation.lineage(), organisation.createdAt());
    }
}
