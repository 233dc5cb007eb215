package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.body;
import static dev.offshoot.testing.PartnerClient.error;
import static dev.offshoot.testing.PartnerClient.violations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Organisation;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Creating, reading and changing one organisation. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class OrganisationResourceTest {
    private static final int MAX_DEPTH = 16;
    private static final String INSTANT = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    private final PartnerClient partner = PartnerClient.newPartner();

    @Test
    void createdOrganisationIsWhatWasAskedForAndReadsBackAsItWasAnswered() {
        var created = partner.create(example());

        var organisation = created.organisation();
        assertThat(organisation.id()).matches("[a-f\\d]{24}");
        assertThat(organisation.name()).isEqualTo("Example Child Organisation");
        assertThat(organisation.country()).isEqualTo("GB");
        assertThat(organisation.externalId()).isEqualTo("customer-12345");
        assertThat(organisation.partner()).isFalse();
        assertThat(organisation.deletedAt()).isNull();
        assertThat(organisation.updatedAt()).isEqualTo(organisation.createdAt());
        assertThat(created.apiKey()).matches("osk_[a-z0-9]{12}_[A-Za-z0-9]{49}");
        assertThat(created.partnerKey()).isNull();
        assertThat(partner.get(created.id())).isEqualTo(organisation);
        assertThat(partner.list("").organisations()).containsExactly(organisation);
    }

    @Test
    void instantsAreInUtcWithMilliseconds() {
        var id = partner.create("A").id();

        var deleted = partner.send("DELETE", "/organisations/" + id).json().at("/data/organisation");

        assertThat(List.of("created_at", "updated_at", "deleted_at"))
                .allSatisfy(field -> assertThat(deleted.get(field).textValue()).matches(INSTANT));
    }

    @Test
    void divisionIsStoredAndItsNameAndZoneAreNotShown() {
        var named = partner.create(example());
        var unnamed = partner.create("Caf\u00e9");

        assertThat(division(named.organisation()))
                .containsEntry("key", named.organisation().divisionKey())
                .containsEntry("name", "Headquarters")
                .containsEntry("timezone", "Europe/London");
        assertThat(division(unnamed.organisation())).containsEntry("name", "Caf\u00e9");
        assertThat(partner.send("GET", "/organisations/" + named.id()).body())
                .doesNotContain("Headquarters", "Europe/London", named.apiKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GB", "gb", "gB"})
    void countryIsStoredInUpperCase(String country) {
        assertThat(partner.create(with("country", country)).organisation().country())
                .isEqualTo("GB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"XX", "UK", "EU", "ZZ", "AA", "AN", "SU", "G", "GBR", "826", "", " GB", "GB ", "ＧＢ", "ß", "G1"})
    void countryThatIsNotAssignedIsAViolation(String country) {
        assertThat(violations(partner.send("POST", "/organisations", with("country", country))))
                .containsExactly("country");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/London",
                "America/Argentina/Buenos_Aires",
                "Asia/Kolkata",
                "Asia/Calcutta",
                "UTC",
                "GMT",
                "EST",
                "MST",
                "HST",
                "EST5EDT",
                "ROC",
                "GMT0",
                "GMT+0",
                "GMT-0",
                "Etc/GMT-0",
                "Etc/GMT+1"
            })
    void everyIanaZoneIsKnown(String zone) {
        var created = partner.create(with("division_timezone", zone));

        assertThat(division(created.organisation())).containsEntry("timezone", zone);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/Atlantis",
                "europe/london",
                "EUROPE/LONDON",
                "Europe",
                "+01:00",
                "UTC+1",
                "GMT+1",
                "GMT-1",
                "GMT+00",
                "Factory",
                "Z",
                "PST",
                "BST",
                "SystemV/EST5",
                "",
                " UTC",
                "../UTC"
            })
    void zoneThatIanaDoesNotHaveIsAViolation(String zone) {
        assertThat(violations(partner.send("POST", "/organisations", with("division_timezone", zone))))
                .containsExactly("division_timezone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Same name", "東京", "../?#%&", "x"})
    void keysAreSafeInAUrlUniqueAndStable(String name) {
        var organisations = Stream.generate(() -> partner.create(name).organisation())
                .limit(5)
                .toList();
        var renamed = partner.update(organisations.get(0).id(), Map.of("organisation_name", "Renamed"));

        var keys = organisations.stream()
                .flatMap(each -> Stream.of(each.key(), each.divisionKey()))
                .toList();
        assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.matches("[a-z0-9]+(-[a-z0-9]+)+"));
        assertThat(renamed.key()).isEqualTo(organisations.get(0).key());
        assertThat(renamed.divisionKey()).isEqualTo(organisations.get(0).divisionKey());
    }

    @Test
    void newPartnerGetsAKeyThatCanCreateInItsTurn() {
        var created = partner.createPartner("Reseller");

        var grandchild = PartnerClient.of(created).create("Grandchild");

        assertThat(created.organisation().partner()).isTrue();
        assertThat(created.apiKey()).isNotEqualTo(created.partnerKey());
        assertThat(partner.get(grandchild.id())).isEqualTo(grandchild.organisation());
        assertThat(PartnerClient.with(created.apiKey())
                        .send("POST", "/organisations", body("A"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void treeGrows16DeepAndNoDeeper() {
        var deepest = partner;
        for (var depth = 2; depth <= MAX_DEPTH; depth++) {
            deepest = PartnerClient.of(deepest.createPartner("At depth " + depth));
        }

        var tooDeep = deepest.send("POST", "/organisations", body("A"));

        assertThat(error(tooDeep, 409).code()).isEqualTo("depth_exceeded");
        assertThat(deepest.list("").total()).isZero();
    }

    @Test
    void externalIdIsUniqueAmongLiveSiblingsOnly() {
        // Given
        var other = partner.createPartner("Other");
        var first = partner.create(with("partner_external_id", "x"));
        var second = partner.create(with("partner_external_id", "X"));

        // When
        var again = partner.send("POST", "/organisations", with("partner_external_id", "x"));
        var taken = partner.send("PATCH", "/organisations/" + second.id(), Map.of("partner_external_id", "x"));
        var own = partner.update(first.id(), Map.of("partner_external_id", "x"));
        var elsewhere = PartnerClient.of(other).create(with("partner_external_id", "x"));
        partner.delete(first.id());
        var freed = partner.create(with("partner_external_id", "x"));

        // Then
        assertThat(error(again, 409).code()).isEqualTo("partner_external_id_taken");
        assertThat(error(taken, 409).code()).isEqualTo("partner_external_id_taken");
        assertThat(List.of(own, elsewhere.organisation(), freed.organisation()))
                .extracting(Organisation::externalId)
                .containsOnly("x");
        assertThat(partner.get(second.id()).externalId()).isEqualTo("X");
        assertThat(partner.getEvenDeleted(first.id()).externalId()).isEqualTo("x");
        assertThat(partner.list("").total()).isEqualTo(3);
    }

    @Test
    void clearedAndChangedExternalIdsAreFree() {
        var first = partner.create(with("partner_external_id", "x"));
        var second = partner.create(with("partner_external_id", "y"));

        partner.update(first.id(), Collections.singletonMap("partner_external_id", null));
        partner.update(second.id(), Map.of("partner_external_id", "z"));

        assertThat(partner.create(with("partner_external_id", "x"))
                        .organisation()
                        .externalId())
                .isEqualTo("x");
        assertThat(partner.create(with("partner_external_id", "y"))
                        .organisation()
                        .externalId())
                .isEqualTo("y");
    }

    @Test
    void updateChangesWhatItNamesAndNothingElse() {
        var created = partner.create(example()).organisation();

        var renamed = partner.update(created.id(), Map.of("organisation_name", " Renamed "));
        var cleared = partner.update(created.id(), Collections.singletonMap("partner_external_id", null));

        assertThat(renamed).isEqualTo(changed(created, "Renamed", "customer-12345", renamed));
        assertThat(cleared).isEqualTo(changed(created, "Renamed", null, cleared));
        assertThat(renamed.updatedAt()).isAfterOrEqualTo(created.updatedAt());
        assertThat(cleared.updatedAt()).isAfterOrEqualTo(renamed.updatedAt());
        assertThat(partner.get(created.id())).isEqualTo(cleared);
    }

    @Test
    void bothFieldsAreUpdatedAtOnceOrNeitherIs() {
        var created = partner.create(example()).organisation();
        partner.create(with("partner_external_id", "taken"));
        var body = new LinkedHashMap<String, Object>(Map.of("organisation_name", "Renamed"));

        body.put("partner_external_id", "taken");
        var refused = partner.send("PATCH", "/organisations/" + created.id(), body);
        var afterRefusal = partner.get(created.id());
        body.put("partner_external_id", "new");
        var updated = partner.update(created.id(), body);

        error(refused, 409);
        assertThat(afterRefusal).isEqualTo(created);
        assertThat(updated).isEqualTo(changed(created, "Renamed", "new", updated));
    }

    @Test
    void updateOfNothingAndANameOfNullAreInvalid() {
        var path = "/organisations/" + partner.create("A").id();

        assertThat(violations(partner.sendText("PATCH", path, "{}"))).containsExactly("body");
        assertThat(violations(partner.sendText("PATCH", path, "{\"organisation_name\":null}")))
                .containsExactly("organisation_name");
    }

    @Test
    void simultaneousUpdatesAreAllMadeOneAfterTheOther() throws Exception {
        var id = partner.create("A").id();
        var threads = Executors.newFixedThreadPool(4);
        try {
            var updates = IntStream.range(0, 4)
                    .<Callable<Organisation>>mapToObj(
                            i -> () -> partner.update(id, Map.of("organisation_name", "Name " + i)))
                    .toList();

            var names = threads.invokeAll(updates).stream()
                    .map(OrganisationResourceTest::result)
                    .map(Organisation::name)
                    .toList();

            assertThat(names).containsExactly("Name 0", "Name 1", "Name 2", "Name 3");
            assertThat(Stored.organisation(id).get("revision")).isEqualTo(5L);
        } finally {
            threads.shutdown();
        }
    }

    /** The contract's own example. */
    private static Map<String, Object> example() {
        var body = body("Example Child Organisation");
        body.put("division_name", "Headquarters");
        body.put("partner_external_id", "customer-12345");
        return body;
    }

    private static Map<String, Object> with(String field, Object value) {
        var body = body("A");
        body.put(field, value);
        return body;
    }

    private static Document division(Organisation organisation) {
        return Stored.organisation(organisation.id()).get("division", Document.class);
    }

    private static Organisation changed(
            Organisation before, String name, @Nullable String externalId, Organisation after) {
        return new Organisation(
                before.id(),
                before.key(),
                name,
                before.country(),
                before.divisionKey(),
                externalId,
                before.partner(),
                null,
                before.createdAt(),
                after.updatedAt());
    }

    private static <T> T result(Future<T> done) {
        try {
            return done.get();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
