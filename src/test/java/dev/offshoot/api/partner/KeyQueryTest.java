package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.violations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The query parameters of the lists of keys, which are read strictly. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class KeyQueryTest {
    private final PartnerClient partner = PartnerClient.newPartner();
    private final Created customer = partner.create("Customer");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=1",
                "limit=100",
                "skip=2147483647",
                "after=zzzzzzzzzzzz&limit=1",
                "unused_since=2026-04-01T09:30:00.123%2B01:00",
                "expires_before=9999-12-31T23:59:59Z",
                "expires_before=2026-04-01t09:30:00z&unused_since=2026-04-01T09:30:00Z&limit=2&skip=1",
                "scope=subtree",
                "unknown=1&unknown=2",
                "limit%5B%24gt%5D=1"
            })
    void goodAndUnknownParametersAreTaken(String query) {
        for (var list : lists()) {
            assertThat(partner.send("GET", list + "?" + query).status())
                    .as(list)
                    .isEqualTo(200);
        }
    }

    /** One value for each rule; {@code QueryReaderTest} and {@code Rfc3339Test} have the others. */
    @ParameterizedTest
    @CsvSource({
        "limit, 0",
        "limit, 101",
        "limit, one",
        "skip, -1",
        "skip, 2147483648",
        "after, 00000000000",
        "after, 0000000000000",
        "after, 00000000000A",
        "after, 5f8f8c44b54764421b7156c3",
        "scope, children",
        "scope, ''",
        "unused_since, 2026-04-01T09:30:00+01:00",
        "unused_since, ''",
        "expires_before, 2026-02-30T00:00:00Z",
        "expires_before, 2026-04-01T09:30:00Z&expires_before=2026-04-01T09:30:00Z"
    })
    void parameterThatBreaksARuleIsNamed(String name, String value) {
        for (var list : name.equals("scope") ? List.of("/api-keys") : lists()) {
            assertThat(violations(partner.send("GET", list + "?" + name + "=" + value)))
                    .as(list)
                    .containsExactly(name);
        }
    }

    @Test
    void afterAndSkipExcludeEachOther() {
        for (var list : lists()) {
            assertThat(violations(partner.send("GET", list + "?skip=0&after=000000000000")))
                    .containsExactly("after");
        }
    }

    @Test
    void everyBadParameterIsNamedAtOnce() {
        var answer = partner.send("GET", "/api-keys?limit=0&skip=-1&after=y&unused_since=1&expires_before=&scope=x");

        assertThat(violations(answer))
                .containsExactlyInAnyOrder("limit", "skip", "after", "unused_since", "expires_before", "scope");
    }

    private List<String> lists() {
        return List.of("/api-keys", "/organisations/" + customer.id() + "/api-keys");
    }
}
