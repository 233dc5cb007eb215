package dev.offshoot.api.partner;

import static dev.offshoot.testing.PartnerClient.violations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Query parameters, which are read strictly. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class HostileQueryTest {
    private final PartnerClient partner = PartnerClient.newPartner();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=1",
                "limit=100",
                "%6Cimit=1",
                "skip=2147483647",
                "include_deleted=true",
                "scope=subtree",
                "after=000000000000000000000000",
                "partner_external_id=%F0%9F%8C%B1%2F%3Fa%26b",
                "organisation_name=%24name",
                "organisation_key=a-0123456789ab",
                "external_i%64s=1&Name=1",
                "unknown=1&unknown=2",
                "unknown",
                "limit%5B%24gt%5D=1",
                "&&"
            })
    void goodAndUnknownParametersAreTaken(String query) {
        assertThat(partner.send("GET", "/organisations?" + query).status()).isEqualTo(200);
    }

    /** One value for each rule; {@code QueryReaderTest} and {@code PartnerQueryTest} have the others. */
    @ParameterizedTest
    @CsvSource({
        "limit, 0",
        "limit, 101",
        "limit, %D9%A1",
        "limit, ''",
        "limit, 1&limit=1",
        "skip, -1",
        "skip, 2147483648",
        "scope, self",
        "after, 00000000000000000000000A",
        "after, %00",
        "partner_external_id, ''",
        "partner_external_id, a%00",
        "organisation_name, ''",
        "organisation_name, a%00",
        "organisation_key, ''",
        "organisation_key, a%00",
        "external_id, a",
        "name, a"
    })
    void parameterThatBreaksARuleIsNamed(String name, String value) {
        assertThat(violations(partner.send("GET", "/organisations?" + name + "=" + value)))
                .containsExactly(name);
    }

    @Test
    void flagIsReadByEachCallThatHasIt() {
        var id = partner.create("A").id();
        var calls = List.of(
                "/organisations?",
                "/organisations/" + id + "?",
                "/organisations/" + id + "/usage?usage_month=2026-04&",
                "/usage?usage_month=2026-04&");
        for (var call : calls) {
            assertThat(violations(partner.send("GET", call + "include_deleted=TRUE")))
                    .containsExactly("include_deleted");
        }
    }

    @Test
    void afterAndSkipExcludeEachOther() {
        assertThat(violations(partner.send("GET", "/organisations?skip=0&after=000000000000000000000000")))
                .containsExactly("after");
    }

    @Test
    void everyBadParameterIsNamedAtOnce() {
        var answer = partner.send(
                "GET",
                "/organisations?limit=0&skip=-1&include_deleted=1&scope=x&after=y"
                        + "&partner_external_id=.&organisation_key=A&organisation_name=&external_id=a&name=a");

        assertThat(violations(answer))
                .containsExactlyInAnyOrder(
                        "limit",
                        "skip",
                        "include_deleted",
                        "scope",
                        "after",
                        "partner_external_id",
                        "organisation_key",
                        "organisation_name",
                        "external_id",
                        "name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?usage_month=",
                "?usage_month=2026-13",
                "?usage_month=2026-04%0A",
                "?usage_month=2026-04&usage_month=2026-04"
            })
    void usageMonthIsARealMonth(String query) {
        var id = partner.create("A").id();

        assertThat(violations(partner.send("GET", "/usage" + query))).containsExactly("usage_month");
        assertThat(violations(partner.send("GET", "/organisations/" + id + "/usage" + query)))
                .containsExactly("usage_month");
    }

    @ParameterizedTest
    @CsvSource({"0000-01", "0001-01", "1969-12", "2099-12", "9999-12"})
    void farMonthsAreZeros(String month) {
        var usage = partner.usage(partner.create("A").id(), month);

        assertThat(usage.get("usage_month").textValue()).isEqualTo(month);
        assertThat(usage.get("source").textValue()).isEqualTo("daily");
        assertThat(usage.get("days_recorded").intValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"scope=self&breakdown=daily", "scope=subtree&breakdown=children", "breakdown%5B%24ne%5D=daily"})
    void goodScopesAndBreakdownsOfUsageAreTaken(String query) {
        assertThat(usage(query).status()).isEqualTo(200);
        assertThat(partner.send("GET", "/usage?usage_month=2026-04&" + query).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"scope, children", "scope, self&scope=self", "breakdown, self", "breakdown, ''"})
    void parameterOfUsageThatBreaksARuleIsNamed(String name, String value) {
        var query = name + "=" + value;

        assertThat(violations(usage(query))).containsExactly(name);
        assertThat(violations(partner.send("GET", "/usage?usage_month=2026-04&" + query)))
                .containsExactly(name);
    }

    @Test
    void everyBadParameterOfUsageIsNamedAtOnce() {
        assertThat(violations(partner.send("GET", "/usage?scope=x&breakdown=y&include_deleted=z")))
                .containsExactlyInAnyOrder("usage_month", "scope", "breakdown", "include_deleted");
    }

    private Answer usage(String query) {
        return partner.send(
                "GET", "/organisations/" + partner.create("A").id() + "/usage?usage_month=2026-04&" + query);
    }
}
