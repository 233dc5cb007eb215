package dev.offshoot.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Scopes;
import dev.offshoot.usage.UsageDay.Sums;
import dev.offshoot.usage.UsageQuery.Breakdown;
import dev.offshoot.value.OrgId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.Test;

/** How the parts of a month are added together, and how its days are stored so that a database can do it. */
class RollUpTest {
    private static final long MOST = ReportedUsage.MAX_FIGURE;
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final LocalDate DAY = LocalDate.of(2026, 4, 1);

    private final OrgScope tree = Scopes.ofAnOrganisation();

    @Test
    void levelsOfAllOrganisationsAddUpExactlyInOneDecimalNumber() {
        var most = BigInteger.valueOf(DaySum.MOST_ORGANISATIONS);
        var stored = DaySum.stored(MOST).bigDecimalValue().toBigIntegerExact();

        var sum = stored.multiply(most);

        assertThat(sum.toString()).hasSize(34);
        assertThat(new Decimal128(new BigDecimal(sum)).bigDecimalValue().toBigIntegerExact())
                .isEqualTo(sum);
        assertThat(DaySum.of(sum))
                .isEqualTo(new DaySum(
                        BigInteger.valueOf(MOST).multiply(most), DaySum.MOST_ORGANISATIONS, DaySum.MOST_ORGANISATIONS));
    }

    @Test
    void recordedDayWithoutALevelIsOtherThanOneWithALevelOfZero() {
        assertThat(DaySum.of(DaySum.stored(null))).isEqualTo(new DaySum(BigInteger.ZERO, 1, 0));
        assertThat(DaySum.of(DaySum.stored(0L))).isEqualTo(new DaySum(BigInteger.ZERO, 1, 1));
        assertThat(DaySum.of(BigInteger.ZERO).isRecorded()).isFalse();
    }

    @Test
    void sumsBeyondSixtyFourBitsAreExact() {
        var sums = rollUp();
        IntStream.range(0, 3000).forEach(n -> sums.add(open(null, MOST, MOST)));

        var figures = sums.result(true, NOW).figures();

        var exact = BigInteger.valueOf(MOST).multiply(BigInteger.valueOf(3000));
        assertThat(exact.bitLength()).isGreaterThan(64);
        assertThat(figures.apiRequests()).isEqualTo(exact);
        assertThat(figures.peakBytes()).isEqualTo(exact);
        assertThat(figures.averageBytes()).isEqualTo(exact);
    }

    @Test
    void countsOfADayStandAtItsBoundAndCorrectionsTakeThemBack() {
        var sums = new Sums(String.valueOf(-MOST), null, null);

        assertThat(new DayFigures("o/2026-04-01", tree.lineage(), sums, Map.of("a", MOST, "b", 7L)).apiRequests())
                .isEqualTo(7);
        assertThat(new DayFigures("o/2026-04-01", tree.lineage(), null, Map.of("a", MOST, "b", 7L)).apiRequests())
                .isEqualTo(MOST);
        assertThat(new DayFigures("o/2026-04-01", tree.lineage(), sums, null).apiRequests())
                .isZero();
    }

    @Test
    void wholeIsMonthlyAsOfTheLastClosingOnlyIfEveryPartIsClosed() {
        var first = OrgId.mint();
        var second = OrgId.mint();
        var sums = rollUp();
        sums.add(closed(second, 2, "2026-05-02T00:00:00Z"));
        sums.add(closed(first, 1, "2026-05-03T00:00:00Z"));

        assertThat(sums.result(true, NOW)).satisfies(usage -> {
            assertThat(usage.closed()).isTrue();
            assertThat(usage.complete()).isTrue();
            assertThat(usage.asOf()).isEqualTo("2026-05-03T00:00:00Z");
        });
        assertThat(sums.result(false, NOW).complete()).isFalse();

        sums.add(open(second, 5, null));
        assertThat(sums.result(true, NOW)).satisfies(usage -> {
            assertThat(usage.closed()).isFalse();
            assertThat(usage.complete()).isFalse();
            assertThat(usage.asOf()).isEqualTo(NOW);
            assertThat(usage.figures().apiRequests()).isEqualTo(8);
            assertThat(usage.version()).isEqualTo(4);
            assertThat(usage.children())
                    .extracting(ChildUsage::organisation)
                    .containsExactly(tree.root(), first, second);
        });
    }

    @Test
    void aThousandRowsAreShownAndMoreAreRefused() {
        var sums = rollUp();
        IntStream.range(1, RollUp.MOST_ROWS).forEach(n -> sums.add(open(OrgId.mint(), 1, null)));
        assertThat(sums.result(true, NOW).children()).hasSize(RollUp.MOST_ROWS);

        assertThat(failure(sums, open(OrgId.mint(), 1, null)))
                .isEqualTo(new Failure.RollUpTooLarge(Failure.RollUpPart.CHILDREN, 1000));
    }

    @Test
    void asManyOrganisationsAreAddedUpAsTheirDigitsAllow() {
        var sums = new RollUp(tree, new UsageQuery(YearMonth.from(DAY), true, Breakdown.NONE));
        sums.add(parts(DaySum.MOST_ORGANISATIONS));
        assertThat(sums.result(true, NOW).figures().apiRequests()).isEqualTo(7);

        assertThat(failure(sums, parts(1)))
                .isEqualTo(new Failure.RollUpTooLarge(Failure.RollUpPart.ORGANISATIONS, 999_999));
    }

    private RollUp rollUp() {
        return new RollUp(tree, new UsageQuery(YearMonth.from(DAY), true, Breakdown.CHILDREN));
    }

    private static Failure failure(RollUp sums, MonthSum part) {
        return catchThrowableOfType(FailureException.class, () -> sums.add(part))
                .failure();
    }

    private static MonthSum open(OrgId child, long requests, Long bytes) {
        return MonthSum.open(child, List.of(DailyUsage.of(DAY, requests, bytes)));
    }

    private static MonthSum closed(OrgId child, long requests, String closedAt) {
        return new MonthSum(
                child,
                1,
                1,
                2,
                Instant.parse(closedAt),
                BigInteger.valueOf(requests),
                List.of(DailyUsage.of(DAY, requests, null)));
    }

    private static MonthSum parts(long organisations) {
        return new MonthSum(null, organisations, 0, 0, null, BigInteger.valueOf(7), List.of());
    }
}
