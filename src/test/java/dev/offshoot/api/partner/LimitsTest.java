package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.keysOf;
import static dev.offshoot.testing.PartnerClient.limitsOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.PartnerClient.Limits;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestTimeMeter;
import dev.offshoot.usage.RequestCounter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rate limit of an organisation's keys: how it is set, and what becomes of verifications. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class LimitsTest {
    private static final String NOBODY = "0123456789abcdef01234567";

    private final PartnerClient partner = PartnerClient.newPartner();
    private final Created customer = partner.create("Customer");

    @Inject
    TestTimeMeter time;

    @Inject
    RequestCounter counter;

    @Test
    void limitsAreNoneUntilTheyAreSetAndNoneAgainOnceTheyAreRemoved() {
        assertThat(partner.limits(customer.id())).isNull();
        assertThat(partner.setLimits(customer.id(), Map.of("requests_per_second", 10)))
                .isEqualTo(new Limits(10, 10));
        assertThat(partner.limits(customer.id())).isEqualTo(new Limits(10, 10));
        assertThat(partner.setLimits(customer.id(), 20, 5)).isEqualTo(new Limits(20, 5));
        assertThat(partner.limits(customer.id())).isEqualTo(new Limits(20, 5));

        partner.removeLimits(customer.id());
        partner.removeLimits(customer.id());

        assertThat(partner.limits(customer.id())).isNull();
        assertThat(Stored.organisation(customer.id())).doesNotContainKey("limits");
    }

    @Test
    void bothBoundsAreTaken() {
        assertThat(partner.setLimits(customer.id(), 1, 1)).isEqualTo(new Limits(1, 1));
        assertThat(partner.setLimits(customer.id(), 1_000_000, 1_000_000)).isEqualTo(new Limits(1_000_000, 1_000_000));
        assertThat(sent("{\"requests_per_second\":1e6,\"burst\":5.0}")).isEqualTo(200);
        assertThat(sent("{\"requests_per_second\":7,\"burst\":null}")).isEqualTo(200);
        assertThat(partner.limits(customer.id())).isEqualTo(new Limits(7, 7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"burst\":1}",
                "{\"requests_per_second\":0}",
                "{\"requests_per_second\":-1}",
                "{\"requests_per_second\":1000001}",
                "{\"requests_per_second\":1.5}",
                "{\"requests_per_second\":\"1\"}",
                "{\"requests_per_second\":null}",
                "{\"requests_per_second\":1e400}"
            })
    void rateThatIsNoneIsAViolation(String body) {
        var answer = partner.sendText("PUT", limitsOf(customer.id()), body);

        assertThat(PartnerClient.violations(answer)).containsExactly("requests_per_second");
        assertThat(partner.limits(customer.id())).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1000001", "-1", "true", "[]", "1.5"})
    void burstThatIsNoneIsAViolation(String burst) {
        var answer =
                partner.sendText("PUT", limitsOf(customer.id()), "{\"requests_per_second\":1,\"burst\":" + burst + "}");

        assertThat(PartnerClient.violations(answer)).containsExactly("burst");
    }

    @Test
    void allViolationsAreNamedAtOnce() {
        var answer = partner.sendText(
                "PUT", limitsOf(customer.id()), "{\"requests_per_second\":0,\"burst\":0,\"per_minute\":1}");

        assertThat(PartnerClient.violations(answer))
                .containsExactlyInAnyOrder("requests_per_second", "burst", "per_minute");
    }

    @Test
    void limitsOfADeletedOrganisationAreNotFound() {
        partner.setLimits(customer.id(), 1, 1);
        partner.delete(customer.id());

        assertThat(List.of(partner.send("GET", limitsOf(customer.id())), partner.send("GET", limitsOf(NOBODY))))
                .allSatisfy(answer ->
                        assertThat(PartnerClient.error(answer, 404).code()).isEqualTo("organisation_not_found"));
        assertThat(sent("{\"requests_per_second\":1}")).isEqualTo(404);
        assertThat(partner.send("DELETE", limitsOf(customer.id())).status()).isEqualTo(404);
    }

    @Test
    void settingCostsAReadAndAWriteAndSettingTheSameNoWrite() {
        Stored.confirm(customer.id());
        partner.limits(customer.id());

        assertThat(Commands.during(() -> partner.setLimits(customer.id(), 10, 10)))
                .containsExactly("find", "update");
        assertThat(Commands.during(() -> partner.setLimits(customer.id(), 10, 10)))
                .containsExactly("find");
        assertThat(Commands.during(() -> partner.limits(customer.id()))).containsExactly("find");
        assertThat(Commands.during(() -> partner.removeLimits(customer.id()))).containsExactly("find", "update");
    }

    @Test
    void otherChangesLeaveTheLimitAsItIs() {
        partner.setLimits(customer.id(), 10, 20);

        partner.update(customer.id(), Map.of("organisation_name", "Renamed"));

        assertThat(partner.limits(customer.id())).isEqualTo(new Limits(10, 20));
        partner.setLimits(customer.id(), 10, 30);
        assertThat(partner.get(customer.id()).name()).isEqualTo("Renamed");
    }

    @Test
    void verificationTakesAsManyTokensAsItCounts() {
        partner.setLimits(customer.id(), 10, 10);

        assertThat(codes(3, 7, 1)).containsExactly("valid", "valid", "rate_limited");
        time.pass(Duration.ofMillis(500));
        assertThat(codes(6, 5, 1)).containsExactly("rate_limited", "valid", "rate_limited");
    }

    @Test
    void countAboveTheBurstPassesAFullBucketAndLeavesItInDebt() {
        partner.setLimits(customer.id(), 1000, 10);

        assertThat(codes(1, 1_000_000)).containsExactly("valid", "rate_limited");
        time.pass(Duration.ofMillis(1));
        assertThat(codes(1_000_000, 1, 0)).containsExactly("valid", "rate_limited", "rate_limited");
        time.pass(Duration.ofSeconds(999).plusMillis(990));
        assertThat(codes(1)).containsExactly("rate_limited");
        time.pass(Duration.ofMillis(1));
        assertThat(codes(1, 1)).containsExactly("valid", "rate_limited");
    }

    @Test
    void countOfNoneOnlyAsks() {
        partner.setLimits(customer.id(), 1, 2);

        assertThat(codes(0, 0, 0, 0, 1, 0, 1, 0))
                .containsExactly("valid", "valid", "valid", "valid", "valid", "valid", "valid", "rate_limited");
    }

    @Test
    void refusedVerificationSaysNothingOfTheKeyAndIsNotUsage() {
        partner.setLimits(customer.id(), 1, 3);
        codes(3, 1, 2, 1000);

        var refused = partner.verify(customer.apiKey());
        counter.flush().await().indefinitely();

        assertThat(refused)
                .isEqualTo(new PartnerClient.Verification(false, "rate_limited", null, null, null, null, null));
        var usage = partner.usage(customer.id(), YearMonth.now(ZoneOffset.UTC).toString());
        assertThat(usage.at("/api_requests/total").longValue()).isEqualTo(3);
    }

    /** What is wrong with the key itself comes first, and takes no token. */
    @Test
    void refusedForAnythingElseTakesNoToken() {
        partner.setLimits(customer.id(), 1, 1);
        var listed = partner.mint(
                keysOf(customer.id()),
                Map.of("name", "K", "roles", List.of("standard"), "allowed_ips", List.of("192.0.2.1")));
        var here = Map.of("api_key", String.valueOf(listed.secret()), "ip", "192.0.2.1");

        assertThat(partner.verify(String.valueOf(listed.secret())).code()).isEqualTo("ip_not_allowed");
        assertThat(partner.verify(here).code()).isEqualTo("valid");
        assertThat(partner.verify(here).code()).isEqualTo("rate_limited");
        assertThat(partner.verify(String.valueOf(listed.secret())).code()).isEqualTo("ip_not_allowed");
        partner.revoke(keysOf(customer.id()) + "/" + listed.id());
        assertThat(partner.verify(here).code()).isEqualTo("revoked");
    }

    @Test
    void eachKeyHasItsOwnBucketAndKeysBeneathHaveNone() {
        var sub = partner.createPartner("Sub-partner");
        var beneath = PartnerClient.of(sub).create("Beneath");
        var second = partner.mint(keysOf(sub.id()), "standard");
        partner.setLimits(sub.id(), 1, 1);

        for (var key : List.of(sub.apiKey(), String.valueOf(second.secret()))) {
            assertThat(partner.verify(key).code()).isEqualTo("valid");
            assertThat(partner.verify(key).code()).isEqualTo("rate_limited");
        }
        for (var i = 0; i < 5; i++) {
            assertThat(partner.verify(beneath.apiKey()).code()).isEqualTo("valid");
            assertThat(partner.verify(customer.apiKey()).code()).isEqualTo("valid");
        }
    }

    @Test
    void changeIsFeltAtOnce() {
        partner.verify(customer.apiKey());
        partner.setLimits(customer.id(), 1, 1);
        assertThat(codes(1, 1)).containsExactly("valid", "rate_limited");

        partner.setLimits(customer.id(), 1000, 3);
        assertThat(codes(1, 1, 1)).containsExactly("valid", "valid", "rate_limited");
        partner.removeLimits(customer.id());
        assertThat(codes(1, 1000, 1)).containsOnly("valid");
        partner.setLimits(customer.id(), 1, 1);
        assertThat(codes(1)).containsExactly("rate_limited");
    }

    @Test
    void verificationOfALimitedKeyCostsNoFurtherCommand() {
        partner.setLimits(customer.id(), 1, 1);
        partner.verify(customer.apiKey());

        var commands = Commands.during(
                () -> assertThat(partner.verify(customer.apiKey()).code()).isEqualTo("rate_limited"));

        assertThat(commands).isEmpty();
    }

    private int sent(String body) {
        return partner.sendText("PUT", limitsOf(customer.id()), body).status();
    }

    /** What verifications of the customer's key with these counts are answered. */
    private List<String> codes(int... counts) {
        return Arrays.stream(counts)
                .mapToObj(count -> partner.verify(Map.of("api_key", customer.apiKey(), "count", count))
                        .code())
                .toList();
    }
}
