package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.keysOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.PartnerClient.Verification;
import dev.offshoot.testing.Stored;
import dev.offshoot.usage.RequestCounter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the vendor's product learns of a key, what that costs, and what is counted. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class VerifyTest {
    @Inject
    RequestCounter counter;

    private final PartnerClient partner = PartnerClient.newPartner();
    private final PartnerClient gateway =
            PartnerClient.with(partner.mint("/api-keys", "gateway").secret());
    private final Created customer = partner.create("Customer");

    @Test
    void goodKeyTellsWhoseItIs() {
        var key = partner.mint(
                keysOf(customer.id()),
                Map.of(
                        "name", "K",
                        "roles", List.of("org_owner", "standard"),
                        "expires_at", "2099-01-01T00:00:00Z"));

        assertThat(gateway.verify(key.secret()))
                .isEqualTo(new Verification(
                        true,
                        "valid",
                        customer.id(),
                        customer.organisation().key(),
                        key.id(),
                        List.of("org_owner", "standard"),
                        Instant.parse("2099-01-01T00:00:00Z")));
        assertThat(partner.verify(customer.apiKey()).expiresAt()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "osk_", "osk_000000000000_0000000000000000000000000000000000000000000000000"})
    void whatIsNoKeyIsUnknownWithoutADatabaseCommand(String text) {
        gateway.verify("x");

        var commands = Commands.during(() -> assertThat(gateway.verify(text)).isEqualTo(not("unknown")));

        assertThat(commands).isEmpty();
    }

    @Test
    void badKeysAreDistinguished() {
        var revoked = partner.mint(keysOf(customer.id()), "standard");
        partner.revoke(keysOf(customer.id()) + "/" + revoked.id());
        var expired = partner.mint(keysOf(customer.id()), "standard");
        partner.changeKey(keysOf(customer.id()) + "/" + expired.id(), Map.of("expires_at", "2020-01-01T00:00:00Z"));
        var gone = partner.createPartner("Gone");
        var beneath = PartnerClient.of(gone).create("Beneath");
        partner.delete(gone.id());
        var cutOff = partner.createPartner("Cut off");
        var beneathCutOff = PartnerClient.of(cutOff).create("Beneath");
        Stored.deleteWithoutCascade(cutOff.id());

        assertThat(gateway.verify(KeySecret.mint().reveal())).isEqualTo(not("unknown"));
        assertThat(gateway.verify(Stored.keyWithWrongSecret(customer.apiKey()))).isEqualTo(not("unknown"));
        assertThat(gateway.verify(revoked.secret())).isEqualTo(not("revoked"));
        assertThat(gateway.verify(expired.secret())).isEqualTo(not("expired"));
        assertThat(gateway.verify(gone.apiKey())).isEqualTo(not("organisation_deleted"));
        assertThat(gateway.verify(beneath.apiKey())).isEqualTo(not("organisation_deleted"));
        assertThat(gateway.verify(beneathCutOff.apiKey())).isEqualTo(not("organisation_deleted"));
    }

    /** Of several flaws the first is told, in the order of the documentation. */
    @Test
    void firstFlawThatHoldsIsTold() {
        var past = Date.from(Instant.parse("2020-01-01T00:00:00Z"));
        var elsewhere = List.of(
                new Document("range", "192.0.2.1/32").append("created", past).append("count", 0L));
        var gone = partner.create("Gone");
        var revoked = Map.<String, Object>of("revoked_at", past, "expires_at", past, "access_list", elsewhere);
        var expired = Map.<String, Object>of("expires_at", past, "access_list", elsewhere);
        var ended = Map.<String, Object>of("ends_at", past, "access_list", elsewhere);
        var limited = Map.<String, Object>of("access_list", elsewhere);
        var keys = Stream.of(revoked, expired, ended, limited)
                .map(changes -> Stored.otherKey(gone.apiKey(), changes))
                .toList();
        partner.delete(gone.id());

        assertThat(keys)
                .map(key -> gateway.verify(key))
                .containsExactly(not("revoked"), not("expired"), not("expired"), not("organisation_deleted"));
        assertThat(gateway.verify(Stored.otherKey(customer.apiKey(), limited))).isEqualTo(not("ip_not_allowed"));
        assertThat(PartnerClient.newPartner().verify(keys.get(0))).isEqualTo(not("unknown"));
    }

    @Test
    void keyOutsideOfTheTreeIsUnknown() {
        var sibling = PartnerClient.newPartner();
        var theirs = sibling.create("Theirs");
        var own = gateway.verify(String.valueOf(partner.key()));

        assertThat(gateway.verify(theirs.apiKey())).isEqualTo(not("unknown"));
        assertThat(gateway.verify(String.valueOf(sibling.key()))).isEqualTo(not("unknown"));
        assertThat(gateway.verify(Installation.rootKey())).isEqualTo(not("unknown"));
        assertThat(own.valid()).isTrue();
        assertThat(sibling.verify(theirs.apiKey()).valid()).isTrue();
    }

    @Test
    void listOfAKeyIsComparedWithTheAddressInTheBody() {
        var key = partner.mint(
                keysOf(customer.id()),
                Map.of("name", "K", "roles", List.of("standard"), "allowed_ips", List.of("192.0.2.0/24")));

        assertThat(gateway.verify(Map.of("api_key", key.secret(), "ip", "192.0.2.7"))
                        .valid())
                .isTrue();
        assertThat(gateway.verify(Map.of("api_key", key.secret(), "ip", "192.0.3.7")))
                .isEqualTo(not("ip_not_allowed"));
        assertThat(gateway.verify(key.secret())).isEqualTo(not("ip_not_allowed"));
        assertThat(gateway.verify(Map.of("api_key", customer.apiKey(), "ip", "2001:db8::1"))
                        .valid())
                .isTrue();
    }

    @Test
    void keySeenInTheLastSecondTakesNoCommandAndAnotherTwo() {
        var other = partner.create("Other").apiKey();
        gateway.verify(customer.apiKey());

        var seen = Commands.during(() -> gateway.verify(customer.apiKey()));
        var unseen = Commands.during(() -> gateway.verify(other));

        assertThat(seen).isEmpty();
        assertThat(unseen).containsExactly("find", "find");
    }

    @Test
    void unknownKeyIsLookedUpOnceAndThenKnownToBeNone() {
        var unknown = KeySecret.mint().reveal();
        gateway.verify("x");

        var first = Commands.during(() -> gateway.verify(unknown));
        var second = Commands.during(() -> gateway.verify(unknown));

        assertThat(first).containsExactly("find");
        assertThat(second).isEmpty();
    }

    @Test
    void whatIsDoneToAKeyHoldsForTheVeryNextVerification() {
        var key = partner.mint(keysOf(customer.id()), "standard");
        var path = keysOf(customer.id()) + "/" + key.id();

        assertThat(gateway.verify(key.secret()).code()).isEqualTo("valid");
        partner.changeKey(path, Map.of("allowed_ips", List.of("192.0.2.1")));
        assertThat(gateway.verify(key.secret()).code()).isEqualTo("ip_not_allowed");
        partner.changeKey(path, Map.of("allowed_ips", List.of(), "expires_at", "2020-01-01T00:00:00Z"));
        assertThat(gateway.verify(key.secret()).code()).isEqualTo("expired");
        partner.changeKey(path, Collections.singletonMap("expires_at", null));
        assertThat(gateway.verify(key.secret()).code()).isEqualTo("valid");
        partner.revoke(path);
        assertThat(gateway.verify(key.secret()).code()).isEqualTo("revoked");
        assertThat(gateway.verify(customer.apiKey()).code()).isEqualTo("valid");
        partner.delete(customer.id());
        assertThat(gateway.verify(customer.apiKey()).code()).isEqualTo("organisation_deleted");
    }

    @Test
    void requestsOfGoodKeysAreCountedForTheirOrganisations() {
        gateway.verify(customer.apiKey());
        gateway.verify(Map.of("api_key", customer.apiKey(), "count", 1_000_000));
        gateway.verify(Map.of("api_key", customer.apiKey(), "count", 0));
        var limited = partner.mint(
                keysOf(customer.id()),
                Map.of("name", "K", "roles", List.of("standard"), "allowed_ips", List.of("192.0.2.1")));
        gateway.verify(limited.secret());
        gateway.verify("osk_nonsense");
        counter.flush().await().indefinitely();

        var month = YearMonth.now(ZoneOffset.UTC).toString();
        var usage = partner.usage(customer.id(), month);

        assertThat(usage.at("/api_requests/total").longValue()).isEqualTo(1_000_001);
    }

    private static Verification not(String code) {
        return new Verification(false, code, null, null, null, null, null);
    }
}
