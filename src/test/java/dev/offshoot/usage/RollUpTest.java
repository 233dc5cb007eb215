package dev.offshoot.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Scopes;
import dev.offshoot.usage.UsageDay.Sums;
import dev.offshoot.usage.UsageQuery.Breakdown;
import dev.offshoot.value.OrgId;
import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RollUpTest {
    private static final long MOST = ReportedUsage.MAX_FIGURE;
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    private final OrgScope tree = Scopes.ofAnOrganisation();

    @Test
    void sumsBeyondSixtyFourBitsAreExact() {
        var sums = rollUp(true);
        IntStream.range(0, 3000).forEach(n -> sums.add(day(child(), MOST, MOST)));

        var figures = sums.result(NOW).figures();

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
    void daysOfAClosedMonthDoNotCountAndThoseOfOthersDo() {
        var sums = rollUp(true);
        var closed = child();
        var open = child();

        sums.add(month(closed, 10, "2026-05-01T01:00:00Z"));
        sums.add(day(closed, 99, null));
        assertThat(sums.result(NOW)).satisfies(usage -> {
            assertThat(usage.closed()).isTrue();
            assertThat(usage.complete()).isFalse();
            assertThat(usage.asOf()).isEqualTo("2026-05-01T01:00:00Z");
            assertThat(usage.figures().apiRequests()).isEqualTo(10);
        });
        sums.add(day(open, 5, null));

        assertThat(sums.result(NOW)).satisfies(usage -> {
            assertThat(usage.closed()).isFalse();
            assertThat(usage.asOf()).isEqualTo(NOW);
            assertThat(usage.figures().apiRequests()).isEqualTo(15);
            assertThat(usage.version()).isEqualTo(2);
            assertThat(usage.children())
                    .extracting(ChildUsage::organisation)
                    .containsExactlyElementsOf(
                            Stream.concat(Stream.of(tree.root()), Stream.of(closed.get(0), open.get(0)))
                                    .toList());
        });
    }

    @Test
    void closedMonthsAreAsOfTheLastClosingAndCompleteWhenNothingWaits() {
        var sums = rollUp(false);
        sums.add(month(child(), 1, "2026-05-03T00:00:00Z"));
        sums.add(month(child(), 2, "2026-05-02T00:00:00Z"));

        var usage = sums.result(NOW);

        assertThat(usage.asOf()).isEqualTo("2026-05-03T00:00:00Z");
        assertThat(usage.complete()).isTrue();
    }

    private RollUp rollUp(boolean open) {
        return new RollUp(tree, new UsageQuery(YearMonth.of(2026, 4), true, Breakdown.CHILDREN), false, open);
    }

    private List<OrgId> child() {
        return tree.lineageOfChild(OrgId.mint());
    }

    private static DayFigures day(List<OrgId> lineage, long requests, Long bytes) {
        return new DayFigures(
                lineage.get(0) + "/2026-04-01", lineage, new Sums(String.valueOf(requests), bytes, null), null);
    }

    private static UsageMonth month(List<OrgId> lineage, long requests, String closedAt) {
        return new UsageMonth(
                lineage.get(0) + "/2026-04",
                lineage.get(1),
                lineage.get(0),
                lineage,
                "2026-04",
                List.of(new UsageMonth.Day(1, requests, null)),
                2,
                1,
                Instant.parse(closedAt));
    }
}
