package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Logs;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A refused request leaves one debug line with the reason that its caller does not learn, and nothing that it sent. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class RefusalLogTest {
    private final PartnerClient partner = PartnerClient.newPartner();

    @Test
    void refusedKeysAreLoggedWithTheirReason() {
        var customer = partner.create("Customer");
        var deleted = partner.create("Deleted");
        partner.delete(deleted.id());
        var unknown = KeySecret.mint().reveal();

        assertLogged("api=partner status=401 reason=unauthenticated:missing", PartnerClient.with(null));
        assertLogged("api=partner status=401 reason=unauthenticated:malformed", PartnerClient.with("osk_x"));
        assertLogged("api=partner status=401 reason=unauthenticated:unknown", PartnerClient.with(unknown));
        assertLogged(
                "api=partner status=401 reason=unauthenticated:organisation_deleted",
                PartnerClient.with(deleted.apiKey()));
        assertLogged("api=partner status=401 reason=unauthenticated:role", PartnerClient.with(customer.apiKey()));
    }

    @Test
    void otherRefusalsAreLoggedWithTheirKind() {
        var invalid = log(() -> partner.send("POST", "/organisations", Map.of("organisation_name", "A", "s3cret", 1)));
        var missing = log(() -> MonoidClient.of(partner).send("GET", "/organisations/nothing"));
        var path = log(() -> CloudManagerClient.of(partner).send("GET", "/nothing"));

        assertThat(invalid).contains("api=partner status=400 reason=invalid:country,division_timezone,s3cret request=");
        assertThat(missing).contains("api=monoid status=404 reason=not_found:organisation request=");
        assertThat(path).contains("api=cloud-manager status=404 reason=not_found:path request=");
    }

    private static void assertLogged(String reason, PartnerClient client) {
        assertThat(log(() -> client.send("GET", "/organisations")))
                .contains(reason)
                .doesNotContain("osk_");
    }

    /** The last line, for a client of Digest is refused once before it signs. */
    private static String log(Runnable call) {
        var lines = Logs.debugDuring(ErrorResponder.class.getName(), call);
        assertThat(lines).hasSizeBetween(1, 2);
        return lines.get(lines.size() - 1);
    }
}
