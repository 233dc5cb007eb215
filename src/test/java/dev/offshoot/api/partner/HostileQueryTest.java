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
                "skip=0",
                "skip=2147483647",
                "include_deleted=true",
                "include_deleted=false",
                "scope=children",
                "scope=subtree",
                "after=000000000000000000000000",
                "unknown=1",
                "unknown=1&unknown=2",
                "unknown=",
                "unknown",
                "Limit=0",
                "limit%5B%24gt%5D=1",
                "%24where=1",
                "&&"
            })
    void goodAndUnknownParametersAreTaken(String query) {
        assertThat(partner.send("GET", "/organisations?" + query).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "101",
                "01",
                "001",
                "+1",
                "%2B1",
                "-1",
                "-0",
                "1.0",
                "1e1",
                "0x1",
                "1_0",
                "%201",
                "1%20",
                "1%00",
                "%D9%A1",
                "one",
                "null",
                "{}",
                "4294967297",
                "99999999999999999999"
            })
    void limitIsADecimalBetween1And100(String value) {
        var encoded = value.replace("{}", "%7B%7D");

        assertThat(violations(partner.send("GET", "/organisations?limit=" + encoded)))
                .containsExactly("limit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "00", "+0", "2147483648", "9999999999", "99999999999999999999", "1.0", "x"})
    void skipIsADecimalOfAtMost31Bits(String value) {
        assertThat(violations(partner.send("GET", "/organisations?skip=" + value)))
                .containsExactly("skip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"True", "TRUE", "1", "0", "yes", "on", "truetrue", "%20true", "null"})
    void flagsAreExactlyTrueOrFalse(String value) {
        var id = partner.create("A").id();
        var calls = List.of(
                "/organisations?",
                "/organisations/" + id + "?",
                "/organisations/" + id + "/usage?usage_month=2026-04&");
        for (var call : calls) {
            assertThat(violations(partner.send("GET", call + "include_deleted=" + value)))
                    .containsExactly("include_deleted");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"self", "Subtree", "all", "CHILDREN"})
    void scopeIsOneOfTwo(String value) {
        assertThat(violations(partner.send("GET", "/organisations?scope=" + value)))
                .containsExactly("scope");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0", "00000000000000000000000", "00000000000000000000000A", "%00"})
    void afterIsAnIdOfAnOrganisation(String value) {
        assertThat(violations(partner.send("GET", "/organisations?after=" + value)))
                .containsExactly("after");
    }

    @Test
    void afterAndSkipExcludeEachOther() {
        assertThat(violations(partner.send("GET", "/organisations?skip=0&after=000000000000000000000000")))
                .containsExactly("after");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit", "skip", "include_deleted", "scope", "after"})
    void emptyAndRepeatedParametersAreViolations(String name) {
        for (var query : List.of(name, name + "=", name + "=&" + name + "=", name + "=1&" + name + "=1")) {
            assertThat(violations(partner.send("GET", "/organisations?" + query)))
                    .as(query)
                    .containsExactly(name);
        }
    }

    @Test
    void everyBadParameterIsNamedAtOnce() {
        var answer = partner.send("GET", "/organisations?limit=0&skip=-1&include_deleted=1&scope=x&after=y");

        assertThat(violations(answer)).contains("limit", "skip", "include_deleted", "scope", "after");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?usage_month",
                "?usage_month=",
                "?usage_month=2026-13",
                "?usage_month=2026-00",
                "?usage_month=2026-4",
                "?usage_month=2026-04-01",
                "?usage_month=26-04",
                "?usage_month=-2026-04",
                "?usage_month=%D9%A2%D9%A0%D9%A2%D9%A6-%D9%A0%D9%A4",
                "?usage_month=2026-04%0A",
                "?usage_month=2026-04&usage_month=2026-04",
                "?usage_month=%7B%22%24ne%22:null%7D"
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
            strings = {
                "scope=self",
                "scope=subtree",
                "breakdown=daily",
                "breakdown=children",
                "scope=self&breakdown=daily",
                "scope=self&breakdown=children",
                "scope=subtree&breakdown=daily",
                "scope=subtree&breakdown=children",
                "Scope=x",
                "breakdown%5B%24ne%5D=daily"
            })
    void goodScopesAndBreakdownsOfUsageAreTaken(String query) {
        assertThat(usage(query).status()).isEqualTo(200);
        assertThat(partner.send("GET", "/usage?usage_month=2026-04&" + query).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"children", "Self", "SUBTREE", "self,subtree", "%20self", "self%00", "null", "%7B%7D"})
    void scopeOfUsageIsOneOfTwo(String value) {
        assertThat(violations(usage("scope=" + value))).containsExactly("scope");
    }

    @ParameterizedTest
    @ValueSource(strings = {"self", "none", "Daily", "child", "daily,children", "children%20", "null", "%5B%5D"})
    void breakdownIsOneOfTwo(String value) {
        assertThat(violations(usage("breakdown=" + value))).containsExactly("breakdown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scope=subtree", "breakdown=daily"})
    void emptyAndRepeatedParametersOfUsageAreViolations(String good) {
        var name = good.substring(0, good.indexOf('='));
        for (var query : List.of(name, name + "=", good + "&" + good, good + "&" + name + "=")) {
            assertThat(violations(usage(query))).as(query).containsExactly(name);
            assertThat(violations(partner.send("GET", "/usage?usage_month=2026-04&" + query)))
                    .as(query)
                    .containsExactly(name);
        }
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
