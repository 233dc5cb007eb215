package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.byExternalId;
import static dev.offshoot.testing.PartnerClient.error;
import static dev.offshoot.testing.PartnerClient.violations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Tree;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An organisation by the external id that its partner gave it. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class ByExternalIdResourceTest {
    private static final Map<String, Object> BODY = PartnerClient.body("Customer");

    private final PartnerClient partner = PartnerClient.newPartner();

    @Test
    void organisationIsCreatedOnceAndThenFoundAsItIs() {
        var created = PartnerClient.created(partner.put("customer-1", BODY));
        assertThat(created.organisation().externalId()).isEqualTo("customer-1");
        assertThat(created.organisation().name()).isEqualTo("Customer");
        assertThat(created.partnerKey()).isNull();
        assertThat(PartnerClient.root().verify(created.apiKey()).organisationId())
                .isEqualTo(created.id());

        var other = PartnerClient.body("Other");
        other.put("is_partner", true);
        other.put("country", "DE");
        var answer = partner.put("customer-1", other);

        assertThat(PartnerClient.found(answer)).isEqualTo(created.organisation());
        assertThat(answer.body()).doesNotContain("osk_", "api_key");
        assertThat(partner.getByExternalId("customer-1")).isEqualTo(created.organisation());
        assertThat(partner.get(created.id())).isEqualTo(created.organisation());
        assertThat(partner.list("").total()).isEqualTo(1);
        assertThat(Tree.keysOf(partner)).hasSize(1);
    }

    @Test
    void partnerIsCreatedWithAPartnerKey() {
        var body = PartnerClient.body("Reseller");
        body.put("is_partner", true);

        var created = PartnerClient.created(partner.put("reseller", body));

        assertThat(created.organisation().partner()).isTrue();
        PartnerClient.of(created).put("customer-1", BODY);
        assertThat(partner.list("?scope=subtree").total()).isEqualTo(2);
    }

    @Test
    void externalIdNamesADirectChildOnly() {
        var body = PartnerClient.body("Reseller");
        body.put("is_partner", true);
        var reseller = PartnerClient.of(PartnerClient.created(partner.put("reseller", body)));
        var grandchild = PartnerClient.created(reseller.put("x", BODY));

        assertThat(error(partner.send("GET", byExternalId("x")), 404).code()).isEqualTo("organisation_not_found");
        assertThat(error(reseller.send("GET", byExternalId("reseller")), 404).code())
                .isEqualTo("organisation_not_found");
        var child = PartnerClient.created(partner.put("x", BODY));
        assertThat(child.id()).isNotEqualTo(grandchild.id());
        assertThat(reseller.getByExternalId("x").id()).isEqualTo(grandchild.id());
    }

    @Test
    void organisationOfThatExternalIdIsFoundHoweverItWasCreated() {
        var body = PartnerClient.body("Customer");
        body.put("partner_external_id", "posted");
        var posted = partner.create(body);
        var changed = partner.create("Changed");
        partner.update(changed.id(), Map.of("partner_external_id", "changed"));

        assertThat(PartnerClient.found(partner.put("posted", BODY)).id()).isEqualTo(posted.id());
        assertThat(PartnerClient.found(partner.put("changed", BODY)).id()).isEqualTo(changed.id());
    }

    @Test
    void deletedOrganisationIsNotFoundAndCreatedAnew() {
        var first = PartnerClient.created(partner.put("x", BODY));
        partner.delete(first.id());

        assertThat(partner.send("GET", byExternalId("x")).status()).isEqualTo(404);
        assertThat(partner.send("GET", byExternalId("x") + "?include_deleted=true")
                        .status())
                .isEqualTo(404);
        var second = PartnerClient.created(partner.put("x", BODY));

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(partner.getByExternalId("x").id()).isEqualTo(second.id());
    }

    @Test
    void answersHaveTheTagOfTheOrganisationsState() {
        var created = partner.put("x", BODY);
        var id = PartnerClient.created(created).id();
        var tag = partner.send("GET", "/organisations/" + id).header("ETag");
        assertThat(created.header("ETag")).isEqualTo(tag);
        assertThat(partner.put("x", BODY).header("ETag")).isEqualTo(tag);
        assertThat(partner.send("GET", byExternalId("x")).header("ETag")).isEqualTo(tag);

        partner.update(id, Map.of("organisation_name", "Renamed"));

        assertThat(partner.put("x", BODY).header("ETag"))
                .isEqualTo(partner.send("GET", "/organisations/" + id).header("ETag"))
                .isNotEqualTo(tag);
        assertThat(reading("If-None-Match", tag)).isEqualTo(200);
        assertThat(reading("If-None-Match", "*")).isEqualTo(304);
        assertThat(reading("If-Match", tag)).isEqualTo(412);
        assertThat(reading("If-Match", "*")).isEqualTo(200);
    }

    private int reading(String header, String value) {
        return partner.call("GET", byExternalId("x"), null, Map.of(header, value))
                .status();
    }

    /** The last ones are also the ends of other paths. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "/",
                "a b",
                "a+b",
                "ä€🌱",
                "a%2Fb",
                "100%",
                "a?b#c;d",
                "...",
                "$x",
                "{partner_external_id}",
                "usage",
                "limits",
                "api-keys",
                "by-external-id",
                "0123456789abcdef0123456",
                "0123456789abcdef012345678"
            })
    void externalIdIsFoundInAPathHoweverItIsWritten(String externalId) {
        var created = PartnerClient.created(partner.put(externalId, BODY));

        assertThat(created.organisation().externalId()).isEqualTo(externalId);
        assertThat(partner.getByExternalId(externalId)).isEqualTo(created.organisation());
        assertThat(partner.send("GET", byExternalId(externalId) + "//").status())
                .isEqualTo(200);
        assertThat(partner.send("HEAD", byExternalId(externalId)).status()).isEqualTo(200);
    }

    @Test
    void externalIdIsAsLongAsTheFieldMayBe() {
        var longest = "🌱".repeat(255);

        assertThat(PartnerClient.created(partner.put(longest, BODY))
                        .organisation()
                        .externalId())
                .isEqualTo(longest);
        assertThat(violations(partner.put(longest + "a", BODY))).containsExactly("partner_external_id");
        assertThat(partner.send("GET", byExternalId(longest + "a")).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0123456789abcdef01234567",
                "0123456789ABCDEF01234567",
                "%20a",
                "a%20",
                "%20",
                "a%00b",
                "a%0Ab",
                "%E2%80%AE",
                "%C2%AD",
                "%FF",
                "a%C3",
                "Caf%EF%BF%BD"
            })
    void textThatIsNoExternalIdIsNobodysAndCreatesNothing(String encoded) {
        var path = "/organisations/by-external-id/" + encoded;

        assertThat(error(partner.send("GET", path), 404).code()).isEqualTo("organisation_not_found");
        assertThat(violations(partner.send("PUT", path, BODY))).containsExactly("partner_external_id");
        assertThat(partner.list("").total()).isZero();
    }

    @Test
    void everyViolationOfPathAndBodyIsNamedAtOnce() {
        var answer = partner.sendText(
                "PUT",
                byExternalId("0123456789abcdef01234567"),
                "{\"organisation_name\":\"\",\"country\":\"XX\",\"is_partner\":1,\"unknown\":1}");

        assertThat(violations(answer))
                .containsExactlyInAnyOrder(
                        "partner_external_id",
                        "organisation_name",
                        "country",
                        "division_timezone",
                        "is_partner",
                        "unknown");
    }

    @ParameterizedTest
    @CsvSource({"customer-1, '\"customer-1\"'", "customer-1, '\"other\"'", "customer-1, null", "customer-1, 1"})
    void externalIdInTheBodyIsAViolation(String inPath, String inBody) {
        var body =
                "{\"organisation_name\":\"A\",\"country\":\"GB\",\"division_timezone\":\"Etc/UTC\",\"partner_external_id\":"
                        + inBody + "}";

        assertThat(error(partner.sendText("PUT", byExternalId(inPath), body), 400)
                        .violation())
                .containsExactly(Map.entry("partner_external_id", "is not a field of this call"));
    }

    /** What is there does not make a bad request a good one. */
    @Test
    void bodyIsReadBeforeTheOrganisationIsLookedFor() {
        partner.put("x", BODY);

        assertThat(violations(partner.sendText("PUT", byExternalId("x"), "{}")))
                .containsExactlyInAnyOrder("organisation_name", "country", "division_timezone");
        assertThat(error(partner.sendText("PUT", byExternalId("x"), "{"), 400).violation())
                .containsKey("body");
    }

    @Test
    void treeDoesNotGrowTooDeep() {
        var deepest = partner;
        var body = PartnerClient.body("Deeper");
        body.put("is_partner", true);
        for (var depth = 2; depth <= 16; depth++) {
            deepest = PartnerClient.with(Objects.requireNonNull(
                    PartnerClient.created(deepest.put("x", body)).partnerKey()));
        }

        assertThat(error(deepest.put("x", body), 409).code()).isEqualTo("depth_exceeded");
        assertThat(deepest.send("GET", byExternalId("x")).status()).isEqualTo(404);
    }
}
