package dev.offshoot.api.partner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.task.AnsweredChanges;
import dev.offshoot.testing.ApiClient;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.Tree;
import dev.offshoot.usage.RequestCounter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which calls take an {@code Idempotency-Key}, what it costs, who gets an answer again, and which answers are kept. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class RetryRulesTest {
    private static final String HEADER = "Idempotency-Key";
    private static final String STANDARD = "{\"name\":\"Key\",\"roles\":[\"standard\"]}";

    @Inject
    AnsweredChanges answered;

    @Inject
    RequestCounter counter;

    private final PartnerClient.Created own = PartnerClient.root().createPartner("Partner");
    private final String ownKey = Objects.requireNonNull(own.partnerKey());
    private final PartnerClient partner = PartnerClient.of(own);
    private final String key = UUID.randomUUID().toString();

    /** The calls that take the header. */
    private enum Write {
        CREATE,
        PUT,
        UPDATE,
        DELETE,
        SET_LIMITS,
        REMOVE_LIMITS,
        MINT_OWN,
        CHANGE_OWN_KEY,
        ROTATE_OWN_KEY,
        REVOKE_OWN_KEY,
        MINT,
        CHANGE_KEY,
        ROTATE_KEY,
        REVOKE_KEY,
        REVOKE_ALL
    }

    /** Other tests look for pending tasks in the whole database. */
    @AfterEach
    void forgetAnsweredChanges() {
        answered.flush().await().indefinitely();
    }

    @ParameterizedTest
    @EnumSource
    void writeTakesTwoCommandsMoreAndAReplayWritesNothing(Write write) {
        var without = prepare(write);
        var with = prepare(write);

        var expected = new ArrayList<>(List.of("insert"));
        expected.addAll(Commands.during(() -> assertIsDone(without.apply(Map.of()))));
        expected.add("update");
        assertThat(Commands.during(() -> assertIsDone(with.apply(Map.of(HEADER, key)))))
                .isEqualTo(expected);

        assertThat(Commands.during(() -> assertIsReplayed(with.apply(Map.of(HEADER, key)))))
                .startsWith("insert", "find")
                .isSubsetOf("insert", "find")
                .hasSizeLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void malformedHeaderIsRefusedBeforeAnythingIsDone(Write write) {
        var call = prepare(write);

        assertThat(PartnerClient.violations(call.apply(Map.of(HEADER, "")))).containsExactly("idempotency_key");
        assertIsDone(call.apply(Map.of()));
    }

    /** A call about something that was made for it, with these further headers. */
    private Function<Map<String, String>, Answer> prepare(Write write) {
        var child = partner.create("Child");
        Stored.confirm(child.id());
        var path = "/organisations/" + child.id();
        var keys = PartnerClient.keysOf(child.id());
        var organisation = Http.text(PartnerClient.body("A"));
        return switch (write) {
            case CREATE -> call("POST", "/organisations", organisation);
            case PUT -> call("PUT", PartnerClient.byExternalId("of-" + child.id()), organisation);
            case UPDATE -> call("PATCH", path, "{\"organisation_name\":\"B\"}");
            case DELETE -> call("DELETE", path, null);
            case SET_LIMITS -> call("PUT", path + "/limits", "{\"requests_per_second\":10}");
            case REMOVE_LIMITS -> {
                partner.setLimits(child.id(), 10, 10);
                yield call("DELETE", path + "/limits", null);
            }
            case MINT_OWN -> call("POST", "/api-keys", STANDARD);
            case CHANGE_OWN_KEY -> call("PATCH", minted("/api-keys"), "{\"name\":\"B\"}");
            case ROTATE_OWN_KEY -> call("POST", minted("/api-keys") + "/rotate", "{}");
            case REVOKE_OWN_KEY -> call("DELETE", minted("/api-keys"), null);
            case MINT -> call("POST", keys, STANDARD);
            case CHANGE_KEY -> call("PATCH", minted(keys), "{\"name\":\"B\"}");
            case ROTATE_KEY -> call("POST", minted(keys) + "/rotate", "{}");
            case REVOKE_KEY -> call("DELETE", minted(keys), null);
            case REVOKE_ALL -> call("POST", "/api-keys/revoke", "{\"organisation_id\":\"" + child.id() + "\"}");
        };
    }

    private Function<Map<String, String>, Answer> call(String method, String path, @Nullable String body) {
        return headers -> partner.call(method, path, body, headers);
    }

    private String minted(String keys) {
        var minted = partner.mint(keys, "standard");
        Stored.confirmKey(minted.id());
        return keys + "/" + minted.id();
    }

    @Test
    void callsThatDoNotTakeTheHeaderPassItOver() {
        var customer = partner.create("Customer");
        var record = Map.of("id", "1", "organisation_id", customer.id(), "day", "2026-04-01", "api_requests", 1);
        var report = Http.text(Map.of("records", List.of(record)));
        var verify = Http.text(Map.of("api_key", customer.apiKey()));

        assertThat(partner.call("POST", "/usage-records", report, Map.of(HEADER, ""))
                        .status())
                .isEqualTo(200);
        assertThat(partner.call("POST", "/api-keys/verify", verify, Map.of(HEADER, ""))
                        .status())
                .isEqualTo(200);
        var authorize = Http.request("POST", "/authorize")
                .header("x-gateway-key", ownKey)
                .header("x-api-key", customer.apiKey())
                .header(HEADER, "");
        assertThat(authorize.send().status()).isEqualTo(200);
        assertThat(partner.call("GET", "/organisations", null, Map.of(HEADER, ""))
                        .status())
                .isEqualTo(200);
        assertThat(Stored.claims(partner)).isEmpty();
    }

    @Test
    void otherApisPassTheHeaderOver() {
        for (var sent : List.of(key, key, "")) {
            assertIsDone(create(CloudManagerClient.of(partner), "/orgs", sent));
            assertThat(create(MonoidClient.of(partner), "/organisations", sent).status())
                    .isEqualTo(201);
        }
        assertThat(Stored.claims(partner)).isEmpty();
        assertThat(partner.list("").organisations()).hasSize(6);
    }

    private static Answer create(ApiClient client, String path, String sent) {
        return client.call("POST", path, "{\"name\":\"A\"}", Map.of(HEADER, sent));
    }

    @Test
    void neitherTheWriteNorItsReplayCountsAsUsage() {
        assertIsDone(create(partner));
        assertIsReplayed(create(partner));

        counter.flush().await().indefinitely();

        var month = YearMonth.now(ZoneOffset.UTC).toString();
        var usage = PartnerClient.root().usage(own.id(), month);
        assertThat(usage.at("/api_requests/total").longValue()).isZero();
    }

    @Test
    void accessListIsLookedAtAnew() {
        var minted = partner.mint("/api-keys", "partner");
        var path = "/api-keys/" + minted.id();
        var caller = PartnerClient.with(minted.secret());
        assertIsDone(create(caller));

        partner.changeKey(path, Map.of("allowed_ips", List.of("198.51.100.7")));
        assertThat(create(caller).status()).isEqualTo(401);

        partner.changeKey(path, Map.of("allowed_ips", List.of()));
        assertIsReplayed(create(caller));
    }

    @Test
    void roleIsLookedAtAnew() {
        assertIsDone(create(partner));
        var gateway = PartnerClient.with(partner.mint("/api-keys", "gateway").secret());

        assertThat(create(gateway).status()).isEqualTo(401);
    }

    @Test
    void rateLimitIsLookedAtAnewAndItsRefusalIsNotKept() {
        assertIsDone(create(partner));
        PartnerClient.root().setLimits(own.id(), 1, 1);
        await().until(() -> create(partner).status() == 429);
        var other = Http.text(PartnerClient.body("Other"));
        await().until(() -> send(partner, "other", other).status() == 429
                || Stored.claims(partner).size() > 1);

        PartnerClient.root().removeLimits(own.id());

        assertIsReplayed(create(partner));
        assertThat(send(partner, "other", other).status()).isEqualTo(200);
    }

    @Test
    void refusalsBeforeTheDatabaseIsAskedAreNotKept() {
        var body = Http.text(PartnerClient.body("A"));
        var stranger = PartnerClient.with(ownKey + "x");
        assertThat(send(stranger, key, body).status()).isEqualTo(401);
        assertThat(send(partner, key, "{").status()).isEqualTo(400);
        assertThat(send(partner, key, " ".repeat(64 * 1024) + body).status()).isEqualTo(413);
        var text = Map.of(HEADER, key, "Content-Type", "text/plain");
        assertThat(partner.call("POST", "/organisations", body, text).status()).isEqualTo(415);
        assertThat(Stored.claims(partner)).isEmpty();

        var done = send(partner, key, body);

        assertIsDone(done);
        assertThat(done.headers().map()).doesNotContainKey("idempotent-replayed");
    }

    /** Its error page says so: another key does what the caller can't do to its own. */
    @Test
    void refusalToLockOutTheCallerIsNotKept() {
        var path = "/api-keys/" + ownKey.substring(4, 16);
        var other = PartnerClient.with(Tree.anotherPartnerKeyOf(partner));

        var first = partner.call("DELETE", path, null, Map.of(HEADER, key));

        assertThat(PartnerClient.error(first, 409).code()).isEqualTo("caller_locked_out");
        assertIsDone(other.call("DELETE", path, null, Map.of(HEADER, key)));
    }

    @Test
    void answerIsGivenBeforeTheStateIsComparedAgain() {
        var path = "/organisations/" + partner.create("A").id();
        var headers = Map.of(HEADER, key, "If-Match", partner.send("GET", path).header("ETag"));

        var first = partner.call("PATCH", path, "{\"organisation_name\":\"B\"}", headers);
        var again = partner.call("PATCH", path, "{\"organisation_name\":\"B\"}", headers);

        assertIsDone(first);
        assertIsReplayed(again);
        assertThat(again.body()).isEqualTo(first.body());
    }

    private Answer create(PartnerClient client) {
        return send(client, key, Http.text(PartnerClient.body("A")));
    }

    private static Answer send(PartnerClient client, String sent, String body) {
        return client.call("POST", "/organisations", body, Map.of(HEADER, sent));
    }

    private static void assertIsDone(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static void assertIsReplayed(Answer answer) {
        assertIsDone(answer);
        assertThat(answer.header("Idempotent-Replayed")).isEqualTo("true");
    }
}
