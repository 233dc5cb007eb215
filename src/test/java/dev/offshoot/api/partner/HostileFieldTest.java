package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.body;
import static dev.offshoot.testing.PartnerClient.error;
import static dev.offshoot.testing.PartnerClient.violations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The values of single fields: types, names, external ids, and fields that a call does not have. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class HostileFieldTest {
    private static final List<String> TEXTS =
            List.of("organisation_name", "country", "division_timezone", "division_name", "partner_external_id");

    private final PartnerClient partner = PartnerClient.newPartner();

    @ParameterizedTest
    @ValueSource(
            strings = {"1", "1.5", "1e99999999999", "true", "[]", "[\"GB\"]", "{}", "{\"$ne\":null}", "{\"$gt\":\"\"}"})
    void everyTextOfAnotherTypeIsNamedAtOnce(String value) {
        var fields = new ArrayList<>(TEXTS);
        fields.add("is_partner");
        var created = fields.stream()
                .map(field -> "\"" + field + "\":" + (field.equals("is_partner") ? "\"true\"" : value))
                .collect(Collectors.joining(",", "{", "}"));
        var updated = "{\"organisation_name\":" + value + ",\"partner_external_id\":" + value + "}";

        assertThat(violations(partner.sendText("POST", "/organisations", created)))
                .containsExactlyInAnyOrderElementsOf(fields);
        assertThat(violations(partner.sendText("PATCH", anyOrganisation(), updated)))
                .containsExactly("organisation_name", "partner_external_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"true\"", "\"\"", "1", "0", "[]", "{}", "{\"$ne\":null}"})
    void flagOfAnotherTypeIsAViolation(String value) {
        var body = "{\"organisation_name\":\"A\",\"country\":\"GB\",\"division_timezone\":\"UTC\",\"is_partner\":"
                + value + "}";

        assertThat(violations(partner.sendText("POST", "/organisations", body))).containsExactly("is_partner");
    }

    @Test
    void absentAndNullRequiredFieldsAreNamedAtOnce() {
        var nulls = "{\"organisation_name\":null,\"country\":null,\"division_timezone\":null}";

        for (var body : List.of("{}", nulls)) {
            assertThat(violations(partner.sendText("POST", "/organisations", body)))
                    .containsExactly("organisation_name", "country", "division_timezone");
        }
    }

    @Test
    void nullInAnOptionalFieldIsAnAbsentOne() {
        var body = body("A");
        body.put("division_name", null);
        body.put("partner_external_id", null);
        body.put("is_partner", null);

        var created = partner.create(body);

        assertThat(created.organisation().externalId()).isNull();
        assertThat(created.organisation().partner()).isFalse();
        assertThat(created.partnerKey()).isNull();
    }

    @Test
    void everyFieldOfAUsageRecordIsChecked() {
        var records =
                "{\"records\":[{\"id\":1,\"organisation_id\":{\"$ne\":null},\"day\":20260401,\"api_requests\":\"1\","
                        + "\"storage_bytes\":1.5,\"reason\":[],\"surprise\":1},null,[],{}]}";

        assertThat(violations(partner.sendText("POST", "/usage-records", records)))
                .containsExactlyInAnyOrder(
                        "records[0].id",
                        "records[0].organisation_id",
                        "records[0].day",
                        "records[0].api_requests",
                        "records[0].storage_bytes",
                        "records[0].reason",
                        "records[0].surprise",
                        "records[1]",
                        "records[2]",
                        "records[3].id",
                        "records[3].organisation_id",
                        "records[3].day",
                        "records[3].api_requests");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"records\":null}", "{\"records\":[]}", "{\"records\":{}}", "{\"records\":\"x\"}"})
    void usageReportWithoutRecordsIsInvalid(String body) {
        assertThat(violations(partner.sendText("POST", "/usage-records", body))).containsExactly("records");
    }

    @ParameterizedTest
    @MethodSource
    void nameIsStoredTrimmedAndComposed(String name, String stored) {
        var target = partner.create("Target");

        // in both spellings that JSON has
        var plain = partner.create(name).organisation();
        var escaped = partner.sendText("PATCH", "/organisations/" + target.id(), name(name));

        assertThat(plain.name()).isEqualTo(stored);
        assertThat(escaped.status()).isEqualTo(200);
        assertThat(partner.get(plain.id()).name()).isEqualTo(stored);
        assertThat(partner.get(target.id()).name()).isEqualTo(stored);
    }

    static Stream<Arguments> nameIsStoredTrimmedAndComposed() {
        return Stream.of(
                Arguments.of("😀".repeat(256), "😀".repeat(256)),
                Arguments.of(" ".repeat(300) + "Trimmed first", "Trimmed first"),
                Arguments.of("Cafe\u0301", "Café"),
                Arguments.of("<b>\"$ne\" & '; DROP</b>", "<b>\"$ne\" & '; DROP</b>"));
    }

    @ParameterizedTest
    @MethodSource
    void nameThatIsNoneIsAViolation(String name) {
        var division = body("A");
        division.put("division_name", name);

        assertThat(violations(partner.sendText("POST", "/organisations", Http.ascii(body(name)))))
                .containsExactly("organisation_name");
        assertThat(violations(partner.sendText("POST", "/organisations", Http.ascii(division))))
                .containsExactly("division_name");
        assertThat(violations(partner.sendText("PATCH", anyOrganisation(), name(name))))
                .containsExactly("organisation_name");
    }

    static Stream<String> nameThatIsNoneIsAViolation() {
        return Stream.of("", "\u200b", "a".repeat(257), "a\u0000b", "a\u202eb", "a\ud800b");
    }

    @ParameterizedTest
    @MethodSource
    void externalIdIsStoredAsItIsSent(String externalId) {
        var body = body("A");
        body.put("partner_external_id", externalId);

        var created = partner.create(body);

        assertThat(created.organisation().externalId()).isEqualTo(externalId);
        assertThat(partner.get(created.id())).isEqualTo(created.organisation());
    }

    static Stream<String> externalIdIsStoredAsItIsSent() {
        return Stream.of("customer/12345?a=b#c", "é東京😀", "x".repeat(255), "$ne");
    }

    @ParameterizedTest
    @MethodSource
    void externalIdThatIsNoneIsAViolation(String externalId) {
        var body = body("A");
        body.put("partner_external_id", externalId);
        var update = Http.ascii(Map.of("partner_external_id", externalId));

        assertThat(violations(partner.sendText("POST", "/organisations", Http.ascii(body))))
                .containsExactly("partner_external_id");
        assertThat(violations(partner.sendText("PATCH", anyOrganisation(), update)))
                .containsExactly("partner_external_id");
    }

    static Stream<String> externalIdThatIsNoneIsAViolation() {
        return Stream.of("", " a", "a\u0000", "\ud800", "..", "x".repeat(256), "0123456789abcdef01234567");
    }

    @Test
    void operatorsAreNoValues() {
        var answer = partner.sendText(
                "POST",
                "/organisations",
                "{\"organisation_name\":{\"$ne\":null},\"country\":{\"$in\":[\"GB\"]},"
                        + "\"division_timezone\":{\"$exists\":true},\"partner_external_id\":{\"$gt\":\"\"},"
                        + "\"$where\":\"1\"}");

        assertThat(violations(answer))
                .containsExactly("organisation_name", "country", "division_timezone", "partner_external_id", "$where");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "organisation_id",
                "organisation_key",
                "organisation_api_key",
                "partner_api_key",
                "division_key",
                "division",
                "divisions",
                "location",
                "shard_key",
                "parent",
                "parent_id",
                "partner",
                "partner_id",
                "owner",
                "owner_id",
                "owned_by",
                "lineage",
                "tenant",
                "depth",
                "name",
                "name_key",
                "live_external_key",
                "deleted",
                "deleted_at",
                "deletions",
                "restored",
                "tasks",
                "revision",
                "created_at",
                "updated_at",
                "plan",
                "roles",
                "_id",
                "__proto__",
                "$set"
            })
    void fieldsThatNobodyMaySetAreViolationsAndNothingChanges(String field) {
        // Given
        var target = partner.create("Target");
        var before = Stored.organisation(target.id());
        var total = partner.list("").total();
        var creation = body("A");
        creation.put(field, "x");
        var update = new LinkedHashMap<String, Object>(Map.of("organisation_name", "Renamed"));
        update.put(field, "x");

        // When
        var created = partner.send("POST", "/organisations", creation);
        var updated = partner.send("PATCH", "/organisations/" + target.id(), update);
        update.put(field, null);
        var updatedToNull = partner.send("PATCH", "/organisations/" + target.id(), update);

        // Then
        for (var answer : List.of(created, updated, updatedToNull)) {
            assertThat(violations(answer)).containsExactly(field);
        }
        assertThat(Stored.organisation(target.id())).isEqualTo(before);
        assertThat(partner.list("").total()).isEqualTo(total);
    }

    @ParameterizedTest
    @ValueSource(strings = {"country", "division_timezone", "division_name", "is_partner"})
    void whatIsSetAtCreationIsAViolationInAnUpdateAndNothingChanges(String field) {
        // Given
        var target = partner.create("Target");
        var before = Stored.organisation(target.id());

        // When
        var answer = partner.send(
                "PATCH", "/organisations/" + target.id(), Map.of("organisation_name", "Renamed", field, "FR"));

        // Then
        assertThat(violations(answer)).containsExactly(field);
        assertThat(Stored.organisation(target.id())).isEqualTo(before);
    }

    @Test
    void answersHoldNoInnardsOfTheService() {
        var answers = List.<Answer>of(
                partner.sendText("POST", "/organisations", "{"),
                partner.sendText("POST", "/organisations", "{\"organisation_name\":{}}"),
                partner.send("GET", "/organisations?limit=x"),
                partner.send("GET", "/organisations/x"),
                partner.send("PUT", "/organisations"),
                partner.send("GET", "/unknown"),
                PartnerClient.with("x").send("GET", "/organisations"));

        for (var answer : answers) {
            error(answer, answer.status());
            assertThat(answer.body())
                    .doesNotContainPattern("(java|jakarta|io|com|org|dev)\\.[a-z]+\\.")
                    .doesNotContain("Exception", "\tat ", "mongo", "lineage");
        }
    }

    private String anyOrganisation() {
        return "/organisations/" + partner.create("Target").id();
    }

    private static String name(String name) {
        return Http.ascii(Map.of("organisation_name", name));
    }
}
