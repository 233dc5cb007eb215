package dev.offshoot.api.http;

import static dev.offshoot.testing.PartnerClient.keysOf;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.ApiClient;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.DigestClient;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Metrics;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestTimeMeter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key with a rate limit, on every API: what passes, what every answer tells of it, and what a refusal looks like. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class RateLimitTest {
    private final Created created = PartnerClient.root().createPartner("Partner");
    private final PartnerClient partner = PartnerClient.of(created);
    private final CloudManagerClient cloud = CloudManagerClient.of(partner);
    private final MonoidClient monoid = MonoidClient.of(partner);

    @Inject
    TestTimeMeter time;

    @Test
    void callsThroughEveryApiTakeFromOneBucket() {
        limit(1, 4);

        assertTold(partner.send("GET", "/organisations"), 200, "\"key\";r=3;t=1", 4);
        assertTold(cloud.send("GET", "/orgs"), 200, "\"key\";r=2;t=2", 4);
        assertTold(monoid.send("GET", "/organisations"), 200, "\"key\";r=1;t=3", 4);
        assertTold(partner.send("HEAD", "/organisations"), 200, "\"key\";r=0;t=4", 4);

        assertThat(PartnerClient.error(partner.send("GET", "/organisations"), 429)
                        .code())
                .isEqualTo("rate_limited");
        assertThat(MonoidClient.error(monoid.send("GET", "/organisations"), 429).code())
                .isEqualTo("rate_limited");
        assertThat(CloudManagerClient.error(cloud.send("GET", "/orgs"), 429).errorCode())
                .isEqualTo("RATE_LIMITED");
    }

    @Test
    void refusalSaysWhenToComeBackAndThenItPasses() {
        limit(2, 4);
        spend(4);
        time.pass(Duration.ofMillis(1));

        var refused = partner.send("GET", "/organisations");

        assertTold(refused, 429, "\"key\";r=0;t=2", 2);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(PartnerClient.error(refused, 429).message())
                .isEqualTo("The key has used up its rate limit of 2 per second; see Retry-After.");
        time.pass(Duration.ofSeconds(1));
        assertTold(partner.send("GET", "/organisations"), 200, "\"key\";r=1;t=2", 2);
    }

    @Test
    void debtOfAVerificationIsTold() {
        limit(10, 10);
        PartnerClient.root().verify(Map.of("api_key", String.valueOf(partner.key()), "count", 1000));

        var refused = partner.send("GET", "/organisations");

        assertTold(refused, 429, "\"key\";r=0;t=100", 1);
        assertThat(refused.header("Retry-After")).isEqualTo("100");
    }

    @Test
    void cloudManagersRefusalHasItsShapeAndHonoursTheEnvelope() {
        limit(1, 1);
        spend(1);

        var refused = cloud.send("GET", "/orgs?envelope=true&pretty=true");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().get("status").intValue()).isEqualTo(429);
        assertThat(refused.json().get("content"))
                .isEqualTo(cloud.send("GET", "/orgs").json());
        assertThat(refused.body()).contains("\n");
        assertThat(CloudManagerClient.error(cloud.send("DELETE", "/orgs/x"), 429))
                .isEqualTo(new CloudManagerClient.ApiError(
                        "The API key has used up its rate limit of 1 per second; see Retry-After.",
                        429,
                        "RATE_LIMITED",
                        List.of("1"),
                        "Too Many Requests"));
        assertThat(refused.header("WWW-Authenticate")).isEmpty();
        assertThat(refused.header("Retry-After")).isEqualTo("1");
    }

    /** The limit comes before role, path, method, type and body, and the answer to each of them tells it. */
    @Test
    void everyAnswerBehindTheCheckTellsTheLimit() {
        limit(1, 1000);
        var standard = PartnerClient.with(created.apiKey());
        List<Supplier<Answer>> calls = List.of(
                () -> partner.send("GET", "/nowhere"),
                () -> partner.send("PUT", "/organisations"),
                () -> partner.send("OPTIONS", "/organisations"),
                () -> partner.sendText("POST", "/organisations", "{"),
                () -> partner.call("POST", "/organisations", "{}", Map.of("Content-Type", "text/plain")),
                () -> partner.call("GET", "/organisations", null, Map.of("Accept", "text/html")),
                () -> partner.send("GET", "/organisations?limit=0"),
                () -> partner.send("GET", "/organisations/malformed"),
                () -> partner.sendText("POST", "/organisations", "x".repeat(70_000)),
                () -> cloud.send("GET", "/orgs/malformed"),
                () -> cloud.send("GET", "/nowhere"),
                () -> cloud.send("DELETE", "/orgs/" + created.id()),
                () -> monoid.send("GET", "/organisations/malformed"),
                () -> standard.send("GET", "/organisations"),
                () -> MonoidClient.with(created.apiKey()).send("GET", "/organisations"));

        assertThat(calls).map(Supplier::get).allSatisfy(answer -> {
            assertThat(answer.header("RateLimit-Policy")).as("%s", answer).isEqualTo("\"key\";q=1000;w=1000");
            assertThat(answer.header("RateLimit")).matches("\"key\";r=9\\d\\d;t=\\d+");
            assertThat(answer.status()).isBetween(400, 499);
        });
        assertThat(partner.send("GET", "/organisations").header("RateLimit")).isEqualTo("\"key\";r=986;t=14");
    }

    @Test
    void limitComesBeforeRolePathMethodAndBody() {
        limit(1, 1);
        spend(1);
        var standard = PartnerClient.with(created.apiKey());
        assertThat(standard.send("GET", "/organisations").status()).isEqualTo(401);

        assertThat(List.of(
                        partner.send("GET", "/nowhere"),
                        partner.send("PUT", "/organisations"),
                        partner.sendText("POST", "/organisations", "{"),
                        standard.send("GET", "/organisations"),
                        cloud.send("POST", "/nowhere"),
                        monoid.send("DELETE", "/organisations")))
                .extracting(Answer::status)
                .containsOnly(429);
    }

    /** Neither takes a token. */
    @Test
    void credentialsAndAccessListComeBeforeTheLimit() {
        limit(1, 1);
        var elsewhere = PartnerClient.root()
                .mint(
                        keysOf(created.id()),
                        Map.of("name", "K", "roles", List.of("partner"), "allowed_ips", List.of("192.0.2.1")));
        var forged = PartnerClient.with(Stored.keyWithWrongSecret(partner.key()));

        for (var client : List.of(forged, PartnerClient.with(elsewhere.secret()))) {
            for (var i = 0; i < 3; i++) {
                var answer = client.send("GET", "/organisations");
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.header("RateLimit")).isEmpty();
            }
        }
        assertThat(partner.send("GET", "/organisations").status()).isEqualTo(200);
    }

    @Test
    void keyWithoutALimitIsToldNothing() {
        var answer = partner.send("GET", "/organisations");

        assertThat(answer.header("RateLimit")).isEmpty();
        assertThat(answer.header("RateLimit-Policy")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void refusalCostsNoDatabaseCommand(EachApi api) {
        limit(1, 1);
        spend(1);
        ApiClient client =
                switch (api) {
                    case PARTNER -> partner;
                    case CLOUD_MANAGER -> cloud;
                    case MONOID -> monoid;
                };
        var list = api == EachApi.CLOUD_MANAGER ? "/orgs" : "/organisations";

        var commands = Commands.during(
                () -> assertThat(Stream.of(client.send("GET", list), client.sendText("POST", list, api.creation()))
                                .map(Answer::status))
                        .containsOnly(429));

        assertThat(commands).isEmpty();
    }

    @Test
    void limitCostsNoCommandWhereTheCallPasses() {
        limit(1000, 1000);
        var id = partner.create("Customer").id();
        var fresh = PartnerClient.with(
                PartnerClient.root().mint(keysOf(created.id()), "partner").secret());

        assertThat(Commands.during(() -> fresh.get(id))).containsExactly("find", "find", "find");
        assertThat(Commands.during(() -> fresh.get(id))).containsExactly("find");
    }

    @Test
    void digestThatWasUsedForAWriteIsStaleAsEver() {
        limit(1, 3);
        var digest = DigestClient.with(partner.key());
        var target = CloudManagerClient.PATH + "/orgs";
        var credentials = digest.credentials("POST", target, digest.nonce(), "00000001");

        var first = digest.send("POST", target, Map.of("name", "A"), List.of(credentials));
        var again = digest.send("POST", target, Map.of("name", "A"), List.of(credentials));

        assertThat(first.status()).isEqualTo(200);
        assertThat(DigestClient.challenge(again).stale()).isTrue();
    }

    /** At ten times its rate, on a clock that the test moves by a tenth of a token's time for each call. */
    @Test
    void tenTimesTheRateLetsTheLimitPassAndEveryAnswerAgrees() {
        limit(20, 20);
        var accepted = new ArrayList<Integer>();

        var answers = IntStream.range(0, 600)
                .mapToObj(i -> {
                    var answer = partner.send("GET", "/organisations/malformed");
                    time.pass(Duration.ofMillis(5));
                    if (answer.status() != 429) {
                        accepted.add(i);
                    }
                    return answer;
                })
                .collect(groupingBy(Answer::status));

        // A second is 200 calls.
        assertThat(accepted).allSatisfy(from -> assertThat(accepted.stream().filter(i -> i >= from && i < from + 200))
                .hasSizeLessThanOrEqualTo(20 + 20 + 1));
        assertThat(accepted.stream().filter(i -> i >= 300 && i < 500)).hasSizeBetween(19, 21);
        assertThat(answers.get(429)).allSatisfy(answer -> {
            assertThat(answer.header("RateLimit")).isEqualTo("\"key\";r=0;t=1");
            assertThat(answer.header("Retry-After")).isEqualTo("1");
        });
        assertThat(answers.get(404))
                .allSatisfy(answer -> assertThat(answer.header("Retry-After")).isEmpty());
        assertThat(answers.keySet()).containsExactlyInAnyOrder(404, 429);
    }

    @Test
    void othersAreUnharmedByOneThatIsRefused() {
        var customer = partner.create("Customer");
        limit(1, 1);
        spend(1);
        var other = PartnerClient.newPartner();

        for (var i = 0; i < 50; i++) {
            assertThat(partner.send("GET", "/organisations").status()).isEqualTo(429);
            assertThat(other.send("GET", "/organisations").status()).isEqualTo(200);
            assertThat(PartnerClient.root().verify(customer.apiKey()).code()).isEqualTo("valid");
        }
    }

    @Test
    void changeAndRemovalAreFeltAtOnce() {
        partner.send("GET", "/organisations");
        limit(1, 1);
        spend(1);
        assertThat(partner.send("GET", "/organisations").status()).isEqualTo(429);

        limit(1000, 1000);
        assertTold(partner.send("GET", "/organisations"), 200, "\"key\";r=998;t=1", 1);
        PartnerClient.root().removeLimits(created.id());

        var free = partner.send("GET", "/organisations");
        assertThat(free.status()).isEqualTo(200);
        assertThat(free.header("RateLimit")).isEmpty();
    }

    @Test
    void refusalsAreCountedByTheirReason() {
        limit(1, 1);
        spend(1);
        var before = Metrics.scrape();

        partner.send("GET", "/organisations");
        PartnerClient.root().verify(String.valueOf(partner.key()));
        PartnerClient.with(KeySecret.mint().reveal()).send("GET", "/organisations");

        var after = Metrics.scrape();
        assertThat(grown(before, after, "offshoot_callers_refused_total", "reason"))
                .isEqualTo(1);
        assertThat(grown(before, after, "offshoot_keys_verified_total", "code")).isEqualTo(1);
    }

    private static double grown(Metrics before, Metrics after, String name, String label) {
        return after.value(name, label, "rate_limited") - before.value(name, label, "rate_limited");
    }

    private void limit(long requestsPerSecond, long burst) {
        PartnerClient.root().setLimits(created.id(), requestsPerSecond, burst);
    }

    private void spend(int tokens) {
        for (var i = 0; i < tokens; i++) {
            assertThat(partner.send("GET", "/organisations/malformed").status()).isEqualTo(404);
        }
    }

    private static void assertTold(Answer answer, int status, String left, long secondsToFill) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().allValues("RateLimit")).containsExactly(left);
        assertThat(answer.headers().allValues("RateLimit-Policy")).hasSize(1);
        assertThat(answer.header("RateLimit-Policy")).endsWith(";w=" + secondsToFill);
    }
}
