package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.violations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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
                "skip=0",
                "skip=2147483647",
                "after=000000000000",
                "after=zzzzzzzzzzzz&limit=1",
                "unused_since=2026-04-01T09:30:00Z",
                "unused_since=2026-04-01T09:30:00.123%2B01:00",
                "expires_before=9999-12-31T23:59:59Z",
                "expires_before=2026-04-01t09:30:00z&unused_since=2026-04-01T09:30:00Z&limit=2&skip=1",
                "scope=self",
                "scope=subtree",
                "unknown=1&unknown=2",
                "unknown=",
                "Limit=0",
                "limit%5B%24gt%5D=1",
                "%24where=1",
                "&&"
            })
    void goodAndUnknownParametersAreTaken(String query) {
        for (var list : lists()) {
            assertThat(partner.send("GET", list + "?" + query).status())
                    .as(list)
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @MethodSource
    void parameterThatIsNoneIsAViolation(String name, String value) {
        for (var list : name.equals("scope") ? List.of("/api-keys") : lists()) {
            assertThat(violations(partner.send("GET", list + "?" + name + "=" + value)))
                    .as(list)
                    .containsExactly(name);
        }
    }

    static Stream<Arguments> parameterThatIsNoneIsAViolation() {
        var instants = List.of(
                "x",
                "2026-04-01",
                "2026-04-01T09:30:00",
                "2026-04-01T09:30:00+01:00",
                "2026-02-30T00:00:00Z",
                "1767225600",
                "null",
                "%00");
        return Map.of(
                        "limit",
                                List.of(
                                        "0",
                                        "101",
                                        "01",
                                        "+1",
                                        "%2B1",
                                        "-1",
                                        "1.0",
                                        "1e1",
                                        "%201",
                                        "%D9%A1",
                                        "one",
                                        "4294967297"),
                        "skip", List.of("-1", "00", "2147483648", "99999999999999999999", "1.0", "x"),
                        "after",
                                List.of(
                                        "x",
                                        "00000000000",
                                        "0000000000000",
                                        "00000000000A",
                                        "%00",
                                        "5f8f8c44b54764421b7156c3",
                                        "%24ne"),
                        "scope", List.of("children", "Subtree", "SELF", "all", "self,subtree", "%20self", "null"),
                        "unused_since", instants,
                        "expires_before", instants)
                .entrySet()
                .stream()
                .flatMap(entry -> entry.getValue().stream().map(value -> Arguments.of(entry.getKey(), value)));
    }

    @ParameterizedTest
    @CsvSource({
        "limit, 1",
        "skip, 1",
        "after, 000000000000",
        "unused_since, 2026-04-01T09:30:00Z",
        "expires_before, 2026-04-01T09:30:00Z",
        "scope, self"
    })
    void emptyAndRepeatedParametersAreViolations(String name, String good) {
        var given = name + "=" + good;
        for (var list : name.equals("scope") ? List.of("/api-keys") : lists()) {
            for (var query : List.of(name, name + "=", given + "&" + given, given + "&" + name + "=")) {
                assertThat(violations(partner.send("GET", list + "?" + query)))
                        .as(query)
                        .containsExactly(name);
            }
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
