package dev.offshoot.api.monoid;

import static dev.offshoot.testing.MonoidClient.data;
import static dev.offshoot.testing.MonoidClient.error;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The five examples of {@code contracts/monoid-organisations.txt}, sent as they are printed, with a {@code Content-Type}
 * also where there is no body, and answered with the fields that are printed, in their order. The statuses that the
 * contract names beside them are brought about too, but for 500.
 */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class MonoidContractTest {
    private static final String[] ORGANISATION = {"_id", "id", "name", "members", "plan"};
    private static final String[] MEMBER = {"userId", "role", "email", "name", "imageUrl"};
    private static final String[] PLAN = {
        "customerId", "productId", "productName", "status", "startsAt", "endsAt", "canceledAt"
    };

    private final PartnerClient partner = PartnerClient.newPartner();
    private final String standardKey =
            partner.create("Without members or a plan").apiKey();

    /** Of which everything is known that the contract's answers show. */
    @BeforeEach
    void givenAnOrganisation() {
        var client = MonoidClient.of(partner);
        client.create("string", "string");
        client.addMember(
                "string",
                Map.of(
                        "userId", "string",
                        "role", "owner",
                        "email", "string@example.com",
                        "name", "string",
                        "imageUrl", "https://images.example/string.png"));
        client.putPlan(
                "string",
                Map.of(
                        "customerId", "string",
                        "productId", "string",
                        "productName", "string",
                        "status", "canceled",
                        "startsAt", "2026-04-01T09:30:00.000Z",
                        "endsAt", "2026-05-01T09:30:00.000Z",
                        "canceledAt", "2026-04-02T09:30:00.000Z"));
    }

    @Test
    void listOrganisations() {
        var listed = data(send("GET", "", null), 200);

        assertThat(listed.isArray()).isTrue();
        assertThat(listed)
                .hasSize(3)
                .allSatisfy(organisation -> assertFields(organisation, ORGANISATION))
                .filteredOn(organisation -> organisation.get("id").asText().equals("string"))
                .singleElement()
                .satisfies(MonoidContractTest::assertWhole);
        assertNotForEverybody("GET", "", null);
    }

    @Test
    void createOrganisation() {
        var created = data(send("POST", "", "{\"id\":\"string 2\",\"name\":\"string\"}"), 201);

        assertFields(created, ORGANISATION);
        assertThat(created.get("_id").textValue()).matches("[a-f0-9]{24}");
        assertThat(created.get("id").textValue()).isEqualTo("string 2");
        assertThat(created.get("name").textValue()).isEqualTo("string");
        assertThat(created.get("members").isArray()).isTrue();
        assertThat(created.get("members")).isEmpty();
        assertThat(created.get("plan").isNull()).isTrue();
        assertRefused(send("POST", "", "{\"id\":\"string 3\"}"), 400, "validation_failed");
        assertNotForEverybody("POST", "", "{\"id\":\"string 3\",\"name\":\"string\"}");
    }

    @Test
    void getOrganisationById() {
        var whole = data(send("GET", "/string?includeMembers=true&includePlan=true", null), 200);
        var bare = data(send("GET", "/string?includeMembers=false&includePlan=false", null), 200);

        assertWhole(whole);
        assertFields(bare, "_id", "id", "name");
        assertThat(data(send("GET", "/string", null), 200)).isEqualTo(bare);
        assertThat(data(send("GET", "/" + bare.get("_id").textValue(), null), 200))
                .isEqualTo(bare);
        assertRefused(send("GET", "/string%202", null), 404, "organisation_not_found");
        assertNotForEverybody("GET", "/string", null);
    }

    @Test
    void updateOrganisation() {
        var renamed = data(send("PATCH", "/string", "{\"name\":\"string 2\"}"), 200);

        assertFields(renamed, ORGANISATION);
        assertThat(renamed.get("id").textValue()).isEqualTo("string");
        assertThat(renamed.get("name").textValue()).isEqualTo("string 2");
        assertFields(renamed.get("members").get(0), MEMBER);
        assertFields(renamed.get("plan"), PLAN);
        assertRefused(send("PATCH", "/string", "{}"), 400, "validation_failed");
        assertRefused(send("PATCH", "/string%202", "{\"name\":\"string\"}"), 404, "organisation_not_found");
        assertNotForEverybody("PATCH", "/string", "{\"name\":\"string\"}");
    }

    @Test
    void deleteOrganisation() {
        assertNotForEverybody("DELETE", "/string", null);

        var deleted = send("DELETE", "/string", null);

        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertRefused(send("DELETE", "/string", null), 404, "organisation_not_found");
        assertRefused(send("GET", "/string", null), 404, "organisation_not_found");
    }

    private static void assertWhole(JsonNode organisation) {
        assertFields(organisation, ORGANISATION);
        assertThat(organisation.get("name").textValue()).isEqualTo("string");
        assertThat(organisation.get("members")).hasSize(1);
        assertFields(organisation.get("members").get(0), MEMBER);
        assertThat(organisation.get("members").get(0)).allMatch(JsonNode::isTextual);
        assertFields(organisation.get("plan"), PLAN);
        assertThat(organisation.get("plan")).allMatch(JsonNode::isTextual);
    }

    private static void assertFields(JsonNode object, String... fields) {
        assertThat(object.fieldNames()).toIterable().containsExactly(fields);
    }

    /** Without a key, and with one whose role is of no use here. */
    private void assertNotForEverybody(String method, String path, @Nullable String body) {
        assertRefused(send(null, method, path, body), 401, "unauthorised");
        assertRefused(send(standardKey, method, path, body), 403, "forbidden");
    }

    private static void assertRefused(Answer answer, int status, String code) {
        assertThat(error(answer, status).code()).isEqualTo(code);
    }

    private Answer send(String method, String path, @Nullable String body) {
        return send(partner.key(), method, path, body);
    }

    private static Answer send(@Nullable String key, String method, String path, @Nullable String body) {
        var headers = Map.of("Content-Type", "application/json");
        return MonoidClient.with(key).call(method, "/organisations" + path, body, headers);
    }
}
