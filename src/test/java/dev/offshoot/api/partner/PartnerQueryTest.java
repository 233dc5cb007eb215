package dev.offshoot.api.partner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.offshoot.api.read.QueryReader;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.failure.Violation;
import dev.offshoot.organisation.Listing.Attributes;
import dev.offshoot.organisation.UrlKey;
import dev.offshoot.testing.Queries;
import dev.offshoot.usage.UsageQuery.Breakdown;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.OrgId;
import java.time.YearMonth;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The queries of the Partner API's lists and usage, without HTTP. {@code QueryReaderTest} has the rules of all queries. */
class PartnerQueryTest {
    private static final String ID = "0123456789abcdef01234567";
    private static final String KEY = "example-child-4f0q8z1n6t2x";

    @Test
    void listIsOfTheFirstFiftyChildrenByItself() {
        var listing = ListRequest.organisations(query(""));

        assertThat(listing.limit()).isEqualTo(50);
        assertThat(listing.skip()).isZero();
        assertThat(listing.after()).isNull();
        assertThat(listing.subtree()).isFalse();
        assertThat(listing.withDeleted()).isFalse();
        assertThat(listing.wanted()).isEqualTo(Attributes.ANY);
    }

    @Test
    void listIsReadFromItsParameters() {
        var skipping = ListRequest.organisations(query("limit=100&skip=7&include_deleted=true&scope=subtree"));
        var following = ListRequest.organisations(query("limit=1&after=" + ID + "&scope=children"));

        assertThat(skipping)
                .extracting(each -> List.of(each.limit(), each.skip(), each.withDeleted(), each.subtree()))
                .isEqualTo(List.of(100, 7, true, true));
        assertThat(following.after()).isEqualTo(OrgId.parse(ID).toOptional().orElseThrow());
        assertThat(following.subtree()).isFalse();
    }

    @Test
    void wantedAttributesAreReadFromTheirParameters() {
        var wanted = ListRequest.organisations(
                        query("organisation_key=" + KEY + "&partner_external_id=a/b&organisation_name= Stra\u00DFe"))
                .wanted();

        assertThat(wanted.organisationKey()).isEqualTo(new UrlKey(KEY));
        assertThat(wanted.externalId()).isEqualTo(new ExternalId("a/b"));
        assertThat(wanted.nameKey()).isEqualTo(new DisplayName("STRASSE").searchKey());
    }

    @ParameterizedTest
    @CsvSource({"partner_external_id, 255", "organisation_name, 256", "organisation_key, 53"})
    void wantedAttributeIsAsLongAsItsFieldMayBe(String name, int most) {
        for (var length : List.of(1, most)) {
            var listing = ListRequest.organisations(query(name + "=" + "a".repeat(length)));
            assertThat(listing.wanted()).isNotEqualTo(Attributes.ANY);
        }
        assertThat(violations(() -> ListRequest.organisations(query(name + "=" + "a".repeat(most + 1)))))
                .containsExactly(name);
    }

    /** They would list everything, if they were ignored like other unknown parameters. */
    @ParameterizedTest
    @CsvSource({"external_id, partner_external_id", "name, organisation_name"})
    void parameterOfAnotherNameIsAViolationThatNamesTheRightOne(String mistaken, String right) {
        var failure = catchThrowableOfType(
                FailureException.class, () -> ListRequest.organisations(query(mistaken + "=a&" + mistaken + "=b")));

        assertThat(((Failure.Invalid) failure.failure()).violations())
                .containsExactly(Violation.of(mistaken, "is called " + right + " here"));
    }

    @ParameterizedTest
    @CsvSource({
        "partner_external_id, ''",
        "partner_external_id, a&partner_external_id=a",
        "partner_external_id, ' a'",
        "partner_external_id, 'a '",
        "partner_external_id, a\u0000b",
        "partner_external_id, 'a\nb'",
        "partner_external_id, \u202E",
        "partner_external_id, .",
        "partner_external_id, ..",
        "partner_external_id, 0123456789abcdef01234567",
        "partner_external_id, 0123456789ABCDEF01234567",
        "organisation_name, ''",
        "organisation_name, a&organisation_name=b",
        "organisation_name, ' '",
        "organisation_name, a\u0000b",
        "organisation_name, a\u202Eb",
        "organisation_key, ''",
        "organisation_key, a-0123456789ab&organisation_key=a-0123456789ab",
        "organisation_key, A-0123456789ab",
        "organisation_key, a-0123456789aB",
        "organisation_key, ' a-0123456789ab'",
        "organisation_key, 'a-0123456789ab\n'",
        "organisation_key, a_b-0123456789ab",
        "organisation_key, \u00E4-0123456789ab",
    })
    void wantedAttributeOutsideOfItsFormIsAViolation(String name, String value) {
        assertThat(violations(() -> ListRequest.organisations(query(name + "=" + value))))
                .containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource({
        "limit, 0",
        "limit, 101",
        "limit, x",
        "skip, -1",
        "skip, 2147483648",
        "include_deleted, TRUE",
        "scope, self",
        "scope, Subtree",
        "scope, all",
        "scope, CHILDREN",
        "after, x",
        "after, 0",
        "after, 00000000000000000000000",
        "after, 00000000000000000000000A",
        "after, '0123456789abcdef01234567 '"
    })
    void parameterOfAListOutsideOfItsFormIsAViolation(String name, String value) {
        assertThat(violations(() -> ListRequest.organisations(query(name + "=" + value))))
                .containsExactly(name);
    }

    @Test
    void afterAndSkipExcludeEachOther() {
        assertThat(violations(() -> ListRequest.organisations(query("skip=0&after=" + ID))))
                .containsExactly("after");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000-01", "0001-01", "1969-12", "2026-04", "2099-12", "9999-12"})
    void usageMonthIsAnyMonthOfFourDigitsYear(String month) {
        var usage = UsageRequest.read(query("usage_month=" + month));

        assertThat(usage.query().month()).isEqualTo(YearMonth.parse(month));
        assertThat(usage.query().breakdown()).isEqualTo(Breakdown.NONE);
        assertThat(usage.query().subtree()).isFalse();
        assertThat(usage.orDeleted()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "usage_month",
                "usage_month=2026-13",
                "usage_month=2026-00",
                "usage_month=2026-4",
                "usage_month=2026-04-01",
                "usage_month=26-04",
                "usage_month=-2026-04",
                "usage_month=٢٠٢٦-٠٤",
                "usage_month=2026-04\n",
                "usage_month={\"$ne\":null}"
            })
    void whatIsNoRealMonthIsAViolation(String query) {
        assertThat(violations(() -> UsageRequest.read(query(query)))).containsExactly("usage_month");
    }

    @ParameterizedTest
    @CsvSource({
        "scope=self, false, NONE",
        "scope=subtree, true, NONE",
        "breakdown=daily, false, DAILY",
        "breakdown=children, true, CHILDREN",
        "scope=self&breakdown=daily, false, DAILY",
        "scope=self&breakdown=children, false, CHILDREN",
        "scope=subtree&breakdown=daily, true, DAILY",
        "scope=subtree&breakdown=children, true, CHILDREN"
    })
    void breakdownIntoChildrenIsOfTheSubtreeUnlessSaidOtherwise(String query, boolean subtree, Breakdown breakdown) {
        var usage = UsageRequest.read(query("usage_month=2026-04&" + query)).query();

        assertThat(usage.subtree()).isEqualTo(subtree);
        assertThat(usage.breakdown()).isEqualTo(breakdown);
    }

    @ParameterizedTest
    @CsvSource({
        "scope, children",
        "scope, Self",
        "scope, 'self,subtree'",
        "breakdown, self",
        "breakdown, none",
        "breakdown, Daily",
        "breakdown, child",
        "breakdown, 'daily,children'",
        "include_deleted, 1"
    })
    void parameterOfUsageOutsideOfItsFormIsAViolation(String name, String value) {
        assertThat(violations(() -> UsageRequest.read(query("usage_month=2026-04&" + name + "=" + value))))
                .containsExactly(name);
    }

    private static List<String> violations(ThrowingCallable read) {
        var failure = catchThrowableOfType(FailureException.class, read);
        assertThat(failure).isNotNull();
        return ((Failure.Invalid) failure.failure())
                .violations().stream().map(Violation::field).toList();
    }

    private static QueryReader query(String query) {
        return QueryReader.of(Queries.of(query));
    }
}
