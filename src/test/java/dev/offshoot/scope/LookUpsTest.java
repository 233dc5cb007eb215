package dev.offshoot.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.KeyListing;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.Role;
import dev.offshoot.organisation.Listing;
import dev.offshoot.organisation.Listing.Attributes;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationPlace;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.organisation.UrlKey;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.reactive.ReactiveMongoClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The look-ups that an index of their own answers: a record of another tree does not exist for them. Two partners have the
 * same tree, and each looks for the other's records.
 */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class LookUpsTest {
    private static final Set<Role> ANY_ROLE = Set.of(Role.values());
    private static final ExternalId EXTERNAL_ID = new ExternalId("customer-1");
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    @Inject
    OrganisationRepository organisations;

    @Inject
    KeyRepository keys;

    @Inject
    ReactiveMongoClient mongo;

    private Tree first;
    private Tree second;

    /** A partner with one customer. */
    private record Tree(Created partner, Created customer) {
        OrgScope scope() {
            return Scopes.of(partner.id());
        }

        OrgId id() {
            return OrgId.of(customer.id());
        }

        KeyId key() {
            return KeySecret.parse(customer.apiKey()).orElseThrow().id();
        }
    }

    @BeforeEach
    void plant() {
        first = plantOne();
        second = plantOne();
    }

    private static Tree plantOne() {
        var partner = PartnerClient.root().createPartner("Partner");
        var customer = PartnerClient.body("Customer");
        customer.put("partner_external_id", EXTERNAL_ID.text());
        return new Tree(partner, PartnerClient.of(partner).create(customer));
    }

    private Tree own(boolean swapped) {
        return swapped ? second : first;
    }

    private Tree other(boolean swapped) {
        return swapped ? first : second;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherTreesOrganisationIsNotFoundByItsId(boolean swapped) {
        assertThat(find(own(swapped).scope(), own(swapped).id())).isPresent();
        assertThat(find(own(swapped).scope(), other(swapped).id())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void organisationAtTheTopIsNotBeneathIt(boolean swapped) {
        var scope = own(swapped).scope();

        assertThat(find(scope, scope.root())).isPresent();
        assertThat(find(scope.beneath(), scope.root())).isEmpty();
        assertThat(find(scope.beneath(), own(swapped).id())).isPresent();
        assertThat(find(scope.beneath(), other(swapped).id())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void externalIdIsTheOwnCustomers(boolean swapped) {
        var found =
                await(organisations.find(own(swapped).scope(), new OrganisationRef.ByExternalId(EXTERNAL_ID), false));

        assertThat(found.map(Organisation::id)).contains(own(swapped).id());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyThePlacesOfTheOwnTreeAreFound(boolean swapped) {
        var both = List.of(own(swapped).id(), other(swapped).id());

        assertThat(await(organisations.places(own(swapped).scope(), both)))
                .extracting(OrganisationPlace::id)
                .containsExactly(own(swapped).id());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void childrenAreListedAndCountedInTheOwnTree(boolean swapped) {
        var children = new Listing(false, false, Attributes.ANY, null, 0, 10, true);
        var page = await(organisations.list(own(swapped).scope(), children));

        assertThat(page.records())
                .extracting(Organisation::id)
                .containsExactly(own(swapped).id());
        assertThat(page.total()).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void organisationOfAnotherTreeIsNotListedByItsKey(boolean swapped) {
        var own = new Attributes(keyOf(own(swapped)), null, null);
        var other = new Attributes(keyOf(other(swapped)), null, null);

        for (var subtree : List.of(false, true)) {
            assertThat(listed(own(swapped).scope(), subtree, own))
                    .containsExactly(own(swapped).id());
            assertThat(listed(own(swapped).scope(), subtree, other)).isEmpty();
            assertThat(listed(other(swapped).scope(), subtree, other))
                    .containsExactly(other(swapped).id());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void organisationOfAnotherTreeIsNotListedByWhatBothAreCalled(boolean swapped) {
        var named = new DisplayName("Customer").searchKey();
        for (var wanted : List.of(
                new Attributes(null, EXTERNAL_ID, null),
                new Attributes(null, null, named),
                new Attributes(null, EXTERNAL_ID, named))) {
            for (var subtree : List.of(false, true)) {
                assertThat(listed(own(swapped).scope(), subtree, wanted))
                        .as("%s", wanted)
                        .containsExactly(own(swapped).id());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keyOfAnotherTreeIsNotFound(boolean swapped) {
        assertThat(findKey(own(swapped).scope(), own(swapped))).isPresent();
        assertThat(findKey(own(swapped).scope(), other(swapped))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keysOfAnotherTreesOrganisationAreNeitherListedNorCounted(boolean swapped) {
        var own = keysOf(own(swapped).scope(), own(swapped).id());
        var other = keysOf(own(swapped).scope(), other(swapped).id());

        assertThat(await(keys.list(own))).isNotEmpty();
        assertThat(await(keys.count(own))).isPositive();
        assertThat(await(keys.list(other))).isEmpty();
        assertThat(await(keys.count(other))).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void organisationOfAnotherTreeIsNotChanged(boolean swapped) {
        var read = find(other(swapped).scope(), other(swapped).id()).orElseThrow();
        var before = Stored.tree(other(swapped).partner().id());

        assertThat(await(organisations.removeOwner(own(swapped).scope(), read, new ObjectId())))
                .isFalse();
        await(organisations.applyDeletion(own(swapped).scope(), List.of(read.id()), new ObjectId(), NOW));

        assertThat(Stored.tree(other(swapped).partner().id())).isEqualTo(before);
        assertThat(await(organisations.removeOwner(other(swapped).scope(), read, new ObjectId())))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keyOfAnotherTreeIsNeitherChangedNorRemoved(boolean swapped) {
        var read = findKey(other(swapped).scope(), other(swapped)).orElseThrow();
        var before = Stored.tree(other(swapped).partner().id());

        assertThat(await(keys.revoke(own(swapped).scope(), read, new ObjectId(), NOW)))
                .isFalse();
        await(keys.applyDeletion(own(swapped).scope(), List.of(read.id()), new ObjectId()));
        await(keys.removeUnconfirmed(own(swapped).scope(), List.of(read)));

        assertThat(Stored.tree(other(swapped).partner().id())).isEqualTo(before);
        assertThat(await(keys.revoke(other(swapped).scope(), read, new ObjectId(), NOW)))
                .isTrue();
    }

    /** In each collection, the check of what was found matches what a look-up of the lineage finds, and nothing else. */
    @Test
    void checkMatchesWhatTheLineageFinds() {
        for (var scope : List.of(first.scope(), Scopes.of(first.customer().id()), Scopes.of(OrgId.ROOT.toString()))) {
            for (var collection : List.of("organisations", "api_keys")) {
                assertThat(found(collection, scope.check())).isNotEmpty().isEqualTo(found(collection, scope.filter()));
                assertThat(found(collection, scope.beneath().check()))
                        .isEqualTo(found(collection, scope.beneath().filter()));
            }
        }
    }

    private Set<Object> found(String collection, Bson filter) {
        return Set.copyOf(await(mongo.getDatabase(TestDatabase.name())
                .getCollection(collection)
                .find(filter)
                .map(document -> document.get("_id"))
                .collect()
                .asList()));
    }

    private static UrlKey keyOf(Tree tree) {
        return UrlKey.parse(tree.customer().organisation().key()).toOptional().orElseThrow();
    }

    /** What is listed of live and of all organisations beneath the top, which has to be the same, and is counted. */
    private List<OrgId> listed(OrgScope scope, boolean subtree, Attributes wanted) {
        var all = await(organisations.list(scope.beneath(), new Listing(subtree, true, wanted, null, 0, 10, true)));
        var live = await(organisations.list(scope.beneath(), new Listing(subtree, false, wanted, null, 0, 10, true)));
        assertThat(live).isEqualTo(all);
        assertThat(live.total()).hasValue(live.records().size());
        return live.records().stream().map(Organisation::id).toList();
    }

    private Optional<Organisation> find(OrgScope scope, OrgId id) {
        return await(organisations.find(scope, OrganisationRef.to(id), false));
    }

    private Optional<ApiKey> findKey(OrgScope scope, Tree of) {
        return await(keys.find(scope, of.id(), of.key(), ANY_ROLE));
    }

    private static KeyListing keysOf(OrgScope scope, OrgId organisation) {
        return new KeyListing(scope, organisation, ANY_ROLE, false, null, null, null, 0, 10, true);
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().indefinitely();
    }
}
