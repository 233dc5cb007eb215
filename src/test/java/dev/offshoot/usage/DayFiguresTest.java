package dev.offshoot.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.organisation.OrganisationPlace;
import dev.offshoot.value.OrgId;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.bson.types.ObjectId;

class DayFiguresTest {
    private static final long MOST = ReportedUsage.MAX_FIGURE;

    /** A record's figures: requests, bytes and whether it is a correction. */
    record Figures(Long requests, Long bytes, boolean correction) {}

    @Property
    void aDayIsTheExactSumInsideOfItsBoundsWhateverTheOrderAndTheSteps(
            @ForAll("figures") @NotEmpty List<Figures> figures,
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 20) int step) {
        var shuffled = new ArrayList<>(figures);
        Collections.shuffle(shuffled, random);

        var day = derive(shuffled, step).figures();

        assertThat(day.apiRequests())
                .isEqualTo(bounded(sum(figures.stream().map(Figures::requests).toList())));
        assertThat(day.storageBytes()).isEqualTo(level(figures));
    }

    private static Long level(List<Figures> figures) {
        if (figures.stream().allMatch(figure -> figure.bytes() == null)) {
            return null;
        }
        var largest = figures.stream()
                .filter(figure -> !figure.correction() && figure.bytes() != null)
                .mapToLong(Figures::bytes)
                .max()
                .orElse(0);
        var corrections = sum(
                figures.stream().filter(Figures::correction).map(Figures::bytes).toList());
        return bounded(corrections.add(BigInteger.valueOf(largest)));
    }

    private static BigInteger sum(List<Long> figures) {
        return figures.stream()
                .filter(Objects::nonNull)
                .map(BigInteger::valueOf)
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static long bounded(BigInteger sum) {
        return sum.signum() < 0 ? 0 : sum.min(BigInteger.valueOf(MOST)).longValueExact();
    }

    private static UsageDay derive(List<Figures> figures, int step) {
        var place = new OrganisationPlace(OrgId.mint(), OrgId.ROOT, List.of(OrgId.ROOT));
        var records = figures.stream()
                .map(figure -> new ReportedUsage(
                        new RecordId("r"),
                        place.id(),
                        LocalDate.of(2026, 4, 1),
                        figure.requests(),
                        figure.bytes(),
                        figure.correction() ? "why" : null))
                .map(reported -> UsageRecord.of(reported, place, new ObjectId(), Instant.EPOCH))
                .toList();
        var day = UsageDay.empty(records.get(0));
        for (var from = 0; from < records.size(); from += step) {
            day = day.plus(records.subList(from, Math.min(from + step, records.size())), new ObjectId(), Instant.EPOCH);
        }
        return day;
    }

    @Provide
    Arbitrary<List<Figures>> figures() {
        var plain =
                Combinators.combine(figure(0), figure(0)).as((requests, bytes) -> new Figures(requests, bytes, false));
        var correction = Combinators.combine(figure(-MOST), figure(-MOST))
                .as((requests, bytes) -> new Figures(requests, bytes, true));
        return Arbitraries.oneOf(plain, correction).list().ofMaxSize(20);
    }

    private static Arbitrary<Long> figure(long least) {
        return Arbitraries.longs().between(least, MOST).injectNull(0.2);
    }
}
