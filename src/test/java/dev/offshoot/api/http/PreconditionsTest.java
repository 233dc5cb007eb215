package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.Together;
import dev.offshoot.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads that are answered only if something changed, and changes of a known state only (RFC 9110, section 13). */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class PreconditionsTest {
    private static final String UNKNOWN = "0123456789abcdef01234567";
    private static final int MANY = 64;

    private final PartnerClient partner = PartnerClient.newPartner();

    @ParameterizedTest
    @EnumSource
    void whatTheClientHasIsNotSentAgain(EachApi api) {
        var id = partner.create("A").id();
        var first = send(api, "GET", id);
        var tag = first.header("ETag");

        for (var method : List.of("GET", "HEAD")) {
            var again = send(api, method, id, "If-None-Match", tag);

            assertThat(again.status()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(again.header("ETag")).isEqualTo(tag);
            assertThat(again.header("Cache-Control")).isEqualTo("no-store");
            assertThat(again.header("Vary")).isEqualTo(first.header("Vary"));
            assertThat(again.header("X-Request-Id")).isNotEmpty();
            assertThat(again.headers().map()).doesNotContainKeys("content-length", "content-type");
        }
        api.client(partner).send("PATCH", api.organisation(id), api.rename("B"));
        var changed = send(api, "GET", id, "If-None-Match", tag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', textBlock = """
            *                       ; 304
            <tag>                   ; 304
            W/<tag>                 ; 304
            "a,b", <tag>            ; 304
            ,, W/"x",\t<tag>, ,    ; 304
            "\u00ff", <tag>        ; 304
            ''                      ; 200
            ,                       ; 200
            "another"               ; 200
            "a,<bare>,b"            ; 200
            <bare>                  ; 400
            w/<tag>                 ; 400
            <tag> <tag>             ; 400
            *, <tag>                ; 400
            "open                   ; 400
            """)
    void readIsAnsweredByTheTagsThatTheClientHas(String value, int expected) {
        var id = partner.create("A").id();
        var tag = tag(id);

        for (var api : EachApi.values()) {
            for (var method : List.of("GET", "HEAD")) {
                var answer = send(api, method, id, "If-None-Match", filled(value, tag));
                assertThat(answer.status()).as("%s %s", api, method).isEqualTo(expected);
                assertThat(answer.header("ETag")).isEqualTo(expected == 400 ? "" : tag);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', textBlock = """
            If-Match: *                 ; true
            If-Match: <tag>             ; true
            If-Match: "a,b",,<tag>      ; true
            If-None-Match: "another"    ; true
            If-None-Match:              ; true
            If-Match: W/<tag>           ; false
            If-Match:                   ; false
            If-Match: "another"         ; false
            If-None-Match: *            ; false
            If-None-Match: <tag>        ; false
            If-None-Match: W/<tag>      ; false
            """)
    void changeIsMadeInAStateThatFits(String header, boolean fits) {
        for (var api : EachApi.values()) {
            var id = partner.create("A").id();
            var sent = header.split(":", 2);

            var read = send(api, "GET", id, "If-Match", filled("\"x\", <tag>", tag(id)));
            var renamed = send(api, "PATCH", id, sent[0], filled(sent[1].strip(), tag(id)));
            assertThat(read.status()).isEqualTo(200);
            assertChanged(api, renamed, fits);
            assertThat(partner.get(id).name()).isEqualTo(fits ? "Renamed" : "A");

            var deleted = send(api, "DELETE", id, sent[0], filled(sent[1].strip(), tag(id)));
            assertChanged(api, deleted, fits);
            assertThat(partner.send("GET", "/organisations/" + id).status()).isEqualTo(fits ? 404 : 200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readOfAnotherStateThanTheExpectedIsRefused(EachApi api) {
        var id = partner.create("A").id();

        assertChanged(api, send(api, "GET", id, "If-Match", "\"another\""), false);
        assertChanged(api, send(api, "GET", id, "If-Match", "W/" + tag(id)), false);
    }

    @ParameterizedTest
    @EnumSource
    void linesOfARepeatedHeaderAreOneList(EachApi api) {
        var id = partner.create("A").id();
        var read = api.client(partner)
                .keyed("GET", api.organisation(id))
                .headers("If-None-Match", "\"x\"", "If-None-Match", tag(id));
        var twice = api.client(partner).keyed("DELETE", api.organisation(id)).headers("If-Match", "*", "If-Match", "*");

        assertThat(read.send().status()).isEqualTo(304);
        assertMalformed(api, twice.send(), "if_match");
    }

    /** 400 before 404, 404 before 403, 403 before 412, and 412 before 409. */
    @ParameterizedTest
    @EnumSource
    void checksComeInTheirOrder(EachApi api) {
        assertMalformed(api, send(api, "GET", UNKNOWN, "If-None-Match", "bare"), "if_none_match");
        for (var method : List.of("GET", "PATCH", "DELETE")) {
            assertMalformed(api, send(api, method, UNKNOWN, "If-Match", "bare"), "if_match");
            assertThat(send(api, method, UNKNOWN, "If-Match", "\"x\"").status()).isEqualTo(404);
            assertThat(send(api, method, UNKNOWN, "If-None-Match", "*").status())
                    .isEqualTo(404);
        }
        var own = MonoidClient.of(partner).list("").objectIds().get(0);
        assertThat(send(api, "DELETE", own, "If-Match", "\"x\"").status())
                .isEqualTo(api == EachApi.PARTNER ? 404 : 403);
    }

    @Test
    void stateIsComparedBeforeTheExternalId() {
        partner.create(withExternalId("A", "taken"));
        var id = partner.create("B").id();
        var change = Map.of("partner_external_id", "taken");

        var stale = partner.call("PATCH", "/organisations/" + id, Http.text(change), Map.of("If-Match", "\"x\""));
        var fitting = partner.call("PATCH", "/organisations/" + id, Http.text(change), Map.of("If-Match", tag(id)));

        assertThat(stale.status()).isEqualTo(412);
        assertThat(fitting.status()).isEqualTo(409);
    }

    @Test
    void planIsWrittenInAStateOfItsOrganisationThatFits() {
        var monoid = MonoidClient.of(partner);
        var id = partner.create("A").id();
        var path = MonoidClient.planPath(id);
        var plan = Http.text(Map.of("status", "active"));
        var first = tag(id);

        assertThat(monoid.call("DELETE", path, null, Map.of("If-Match", "\"x\""))
                        .status())
                .as("there is no plan yet")
                .isEqualTo(404);
        assertThat(monoid.call("PUT", path, plan, Map.of("If-Match", "\"x\"")).status())
                .isEqualTo(412);
        assertThat(monoid.call("PUT", path, plan, Map.of("If-Match", first)).status())
                .isEqualTo(200);
        assertThat(monoid.call("DELETE", path, null, Map.of("If-Match", first)).status())
                .isEqualTo(412);
        assertThat(monoid.plan(id)).isNotNull();
        assertThat(monoid.call("DELETE", path, null, Map.of("If-Match", tag(id)))
                        .status())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @EnumSource
    void ofManyChangesOfOneStateOneIsMade(EachApi api) throws Exception {
        var id = partner.create("A").id();
        var tag = tag(id);
        var calls = new ArrayList<Callable<Answer>>();
        for (var each = 0; each < MANY; each++) {
            var body = Http.text(api.rename("Renamed " + each));
            calls.add(() -> api.client(partner).call("PATCH", api.organisation(id), body, Map.of("If-Match", tag)));
        }

        var answers = Together.run(calls);

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .allSatisfy(answer -> assertChanged(api, answer, false));
        var winner = answers.stream().map(Answer::status).toList().indexOf(200);
        assertThat(partner.get(id).name()).isEqualTo("Renamed " + winner);
        assertThat(Stored.organisation(id).getLong("shown")).isEqualTo(2);
    }

    /** They change the same record, and the writes meet, but what is shown stays as it is. */
    @Test
    void membersAndLimitsThatChangeMeanwhileFailNoPrecondition() throws Exception {
        var monoid = MonoidClient.of(partner);
        var id = partner.create("A").id();
        Callable<Boolean> rename = () -> {
            for (var round = 0; round < 20; round++) {
                var body = Http.text(Map.of("organisation_name", "Renamed " + round));
                var answer = partner.call("PATCH", "/organisations/" + id, body, Map.of("If-Match", tag(id)));
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            }
            return true;
        };
        Callable<Boolean> join = () -> {
            for (var round = 0; round < 20; round++) {
                monoid.addMember(id, Map.of("userId", "member", "role", "member"));
                monoid.removeMember(id, "member");
            }
            return true;
        };
        Callable<Boolean> limit = () -> {
            for (var round = 1; round <= 20; round++) {
                partner.setLimits(id, round, 1000);
            }
            return true;
        };

        assertThat(Together.run(List.of(rename, join, limit))).containsOnly(true);

        assertThat(partner.get(id).name()).isEqualTo("Renamed 19");
        assertThat(Objects.requireNonNull(partner.limits(id)).requestsPerSecond())
                .isEqualTo(20);
        assertThat(Stored.organisation(id).getLong("shown")).isEqualTo(21);
    }

    @Test
    void conditionsCostNoCommand() {
        var ids = List.of(partner.create("A").id(), partner.create("B").id());
        ids.forEach(Stored::confirm);
        for (var api : EachApi.values()) {
            var id = ids.get(0);
            var tag = tag(id);
            var digest = api == EachApi.CLOUD_MANAGER ? List.of("insert") : List.<String>of();
            var body = Http.text(api.rename("By " + api));
            var members = api == EachApi.MONOID ? List.of("find") : List.<String>of();

            assertThat(cached(() -> send(api, "GET", id))).containsExactly("find");
            assertThat(cached(() -> send(api, "GET", id, "If-None-Match", tag))).containsExactly("find");
            assertThat(cached(() -> send(api, "DELETE", id, "If-Match", "\"x\"")))
                    .isEqualTo(joined(digest, List.of("find")));
            assertThat(cached(() ->
                            api.client(partner).call("PATCH", api.organisation(id), body, Map.of("If-Match", tag))))
                    .isEqualTo(joined(digest, List.of("find", "update"), members));
        }
        var tag = tag(ids.get(1));
        assertThat(cached(() -> send(EachApi.PARTNER, "DELETE", ids.get(1), "If-Match", tag)))
                .containsExactly("find", "update", "find", "update", "find", "update");
    }

    /** A length or a body that does not belong there would be taken for the start of the next answer. */
    @Test
    void answerWithoutABodyEndsBehindItsHead() throws IOException {
        var id = partner.create("A").id();
        var target = "/organisations/" + id;
        try (var wire = Wire.open()) {
            for (var method : List.of("GET", "HEAD", "GET")) {
                wire.head(
                        method + " " + target + " HTTP/1.1",
                        "Host: localhost",
                        "x-api-key: " + partner.key(),
                        "If-None-Match: \"\u00e9\", " + tag(id));
                var answer = wire.read();
                assertThat(answer.status()).isEqualTo(304);
                assertThat(answer.headers().map()).doesNotContainKeys("content-length", "transfer-encoding");
            }
        }
    }

    private Answer send(EachApi api, String method, String id) {
        return api.client(partner).send(method, api.organisation(id));
    }

    private Answer send(EachApi api, String method, String id, String header, String value) {
        var body = method.equals("PATCH") ? Http.text(api.rename("Renamed")) : null;
        return api.client(partner).call(method, api.organisation(id), body, Map.of(header, value));
    }

    /** The commands of the call when the caller's key was used just before. */
    private List<String> cached(Runnable call) {
        partner.send("GET", "/organisations/malformed");
        return Commands.during(call);
    }

    private String tag(String id) {
        return partner.send("GET", "/organisations/" + id + "?include_deleted=true")
                .header("ETag");
    }

    /** The value with the tag, whole or without its quotes. */
    private static String filled(@Nullable String value, String tag) {
        return value == null ? "" : value.replace("<tag>", tag).replace("<bare>", tag.replace("\"", ""));
    }

    private static void assertChanged(EachApi api, Answer answer, boolean fits) {
        if (fits) {
            assertThat(answer.status()).as("%s: %s", api, answer.body()).isIn(200, 204);
        } else {
            assertThat(answer.status()).as("%s: %s", api, answer.body()).isEqualTo(412);
            assertThat(api.code(answer)).isEqualTo(api.named("precondition_failed"));
        }
    }

    private static void assertMalformed(EachApi api, Answer answer, String field) {
        assertThat(answer.status()).as("%s: %s", api, answer.body()).isEqualTo(400);
        assertThat(api.code(answer))
                .isEqualTo(api == EachApi.CLOUD_MANAGER ? "INVALID_ATTRIBUTE" : "validation_failed");
        assertThat(answer.body()).contains(api == EachApi.CLOUD_MANAGER ? field.replace('_', '-') : field);
    }

    @SafeVarargs
    private static List<String> joined(List<String>... parts) {
        return Stream.of(parts).flatMap(List::stream).toList();
    }

    private static Map<String, Object> withExternalId(String name, String externalId) {
        var body = PartnerClient.body(name);
        body.put("partner_external_id", externalId);
        return body;
    }
}
