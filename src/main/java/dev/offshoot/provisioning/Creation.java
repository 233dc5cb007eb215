package dev.offshoot.provisioning;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.KeyMint;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.NewKey;
import dev.offshoot.apikey.Role;
import dev.offshoot.failure.Failure;
import dev.offshoot.idempotency.Attempt;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Creates an organisation with its keys. It takes two commands: insert the keys, and insert the organisation; without
 * keys it takes one. The organisation's insert is the commit point: until then its keys are refused, because their
 * organisation does not exist. {@link BatchConfirmation} confirms both about a second later.
 */
@Singleton
public class Creation {
    private final OrganisationRepository organisations;
    private final KeyRepository keys;
    private final KeyMint mint;
    private final BatchConfirmation confirmation;
    private final Clock clock;

    Creation(
            OrganisationRepository organisations,
            KeyRepository keys,
            KeyMint mint,
            BatchConfirmation confirmation,
            Clock clock) {
        this.organisations = organisations;
        this.keys = keys;
        this.mint = mint;
        this.confirmation = confirmation;
        this.clock = clock;
    }

    /**
     * What was created. The keys are shown only this once.
     *
     * @param keys the keys by the one role that each has
     */
    public record Created(Organisation organisation, Map<Role, KeySecret> keys) {
        public Created {
            keys = Map.copyOf(keys);
        }
    }

    /** Like {@link #create(OrgScope, NewOrganisation, Set, Attempt)}, in the one try that there is. */
    public Uni<Created> create(OrgScope parent, NewOrganisation wanted, Set<Role> keyRoles) {
        return create(parent, wanted, keyRoles, Attempt.once());
    }

    /**
     * Creates a child of the scope's top organisation, with one key for each role. If the parent or one of its ancestors
     * is deleted meanwhile, the child is deleted with it, and its keys are refused. Fails with
     * {@link Failure.DepthExceeded} or {@link Failure.ExternalIdTaken}.
     */
    public Uni<Created> create(OrgScope parent, NewOrganisation wanted, Set<Role> keyRoles, Attempt attempt) {
        if (parent.depth() >= Organisation.MAX_DEPTH) {
            return Uni.createFrom().failure(new Failure.DepthExceeded(Organisation.MAX_DEPTH).asException());
        }
        return Uni.createFrom().deferred(() -> {
            var organisation = Organisation.create(parent, wanted, attempt, clock.instant());
            var secrets = keyRoles.stream()
                    .collect(Collectors.toMap(
                            Function.identity(), role -> KeySecret.mint(attempt, "key " + role.name())));
            var created = new Created(organisation, secrets);
            var records = secrets.entrySet().stream()
                    .map(key -> record(created, key.getValue(), key.getKey()))
                    .toList();
            return store(parent, organisation, records, attempt)
                    .invoke(() -> confirmation.add(parent, organisation, records))
                    .map(stored -> asCreated(parent, wanted, attempt, created, stored));
        });
    }

    /** An earlier try may have created the organisation, which may have been changed since. */
    private static Created asCreated(
            OrgScope parent, NewOrganisation wanted, Attempt attempt, Created created, Organisation stored) {
        var at = stored.createdAt();
        return at.equals(created.organisation().createdAt())
                ? created
                : new Created(Organisation.create(parent, wanted, attempt, at), created.keys());
    }

    private Uni<Organisation> store(OrgScope parent, Organisation organisation, List<ApiKey> records, Attempt attempt) {
        return storeKeys(parent, records, attempt)
                .chain(() -> organisations.insert(parent, organisation, attempt.isRepeated()))
                .onFailure(OrganisationRepository::isExternalIdTaken)
                .call(() -> withdraw(parent, records));
    }

    private Uni<Void> storeKeys(OrgScope parent, List<ApiKey> records, Attempt attempt) {
        if (records.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return attempt.isRepeated() ? keys.insertMissing(parent, records) : keys.insertMinted(parent, records);
    }

    /** The organisation was certainly not stored, so this removes its keys. If that fails, the queue removes them. */
    private Uni<Void> withdraw(OrgScope parent, List<ApiKey> records) {
        return keys.removeUnconfirmed(parent, records).onFailure().recoverWithNull();
    }

    private ApiKey record(Created created, KeySecret secret, Role role) {
        var organisation = created.organisation();
        var name = role == Role.PARTNER ? "Partner key" : "Standard key";
        return mint.record(
                secret, NewKey.unlimited(name, List.of(role)), organisation.lineage(), organisation.createdAt());
    }
}
