package dev.offshoot.digest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.TestClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class NonceCountsTest {
    private final TestClock clock = new TestClock();
    private final NonceCounts counts = new NonceCounts(clock, 3);
    private final Instant issued = clock.instant().plusSeconds(1);

    @Property
    void countIsTakenOnlyIfItIsGreaterThanAllBefore(
            @ForAll @Size(max = 50) List<@LongRange(min = 0, max = 20) Long> sent) {
        var fresh = new NonceCounts(clock, 3);
        var last = -1L;
        for (var count : sent) {
            assertThat(fresh.take("a", issued, count)).isEqualTo(count > last);
            last = Math.max(last, count);
        }
    }

    @Example
    void noncesAreCountedApart() {
        assertThat(counts.take("a", issued, 9)).isTrue();
        assertThat(counts.take("b", issued, 1)).isTrue();
        assertThat(counts.take("a", issued, 9)).isFalse();
        assertThat(counts.take("b", issued, 2)).isTrue();
    }

    @Example
    void memoryIsBoundedAndANonceAsOldAsAForgottenOneIsRefused() {
        for (var i = 1; i <= 5; i++) {
            assertThat(counts.take("n" + i, issued.plusSeconds(i), 1)).isTrue();
        }

        assertThat(counts.size()).isEqualTo(3);
        assertThat(counts.take("n1", issued.plusSeconds(1), 2)).isFalse();
        assertThat(counts.take("n2", issued.plusSeconds(2), 2)).isFalse();
        assertThat(counts.take("n2 of the same instant", issued.plusSeconds(2), 1))
                .isFalse();
        assertThat(counts.take("n3", issued.plusSeconds(3), 2)).isTrue();
        assertThat(counts.size()).isEqualTo(3);
    }

    @Example
    void nonceFromBeforeTheProcessIsRefusedAndNotStored() {
        var start = Instant.parse("2026-04-01T09:30:00.123Z");
        var started = new NonceCounts(Clock.fixed(start, ZoneOffset.UTC), 3);

        assertThat(started.take("a", start.minusMillis(1), 1)).isFalse();
        assertThat(started.size()).isZero();
    }

    /** Another replica may have made it, or this one as the first thing that it did. */
    @Example
    void nonceOfTheMillisecondInWhichTheProcessStartedIsTakenOnce() {
        var start = Instant.parse("2026-04-01T09:30:00.123Z");
        var started = new NonceCounts(Clock.fixed(start, ZoneOffset.UTC), 3);

        assertThat(started.take("a", start, 1)).isTrue();
        assertThat(started.take("a", start, 1)).isFalse();
        assertThat(started.take("a", start, 2)).isTrue();
    }

    @Example
    void refusedCountIsNotStored() {
        counts.take("a", issued, 5);

        assertThat(counts.take("a", issued, 5)).isFalse();
        assertThat(counts.take("a", issued, 4)).isFalse();
        assertThat(counts.size()).isEqualTo(1);
        assertThat(counts.take("a", issued, 6)).isTrue();
    }

    @Example
    void expiredNoncesAreForgotten() {
        counts.take("a", issued, 1);
        counts.take("b", issued.plusSeconds(60), 1);
        var later = issued.plus(Duration.ofMinutes(5));
        clock.moveTo(later);

        assertThat(counts.take("c", later, 1)).isTrue();

        assertThat(counts.size()).isEqualTo(2);
    }

    @Example
    void oneCountIsTakenByExactlyOneOfMany() throws Exception {
        var threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Boolean> taking = () -> counts.take("a", issued, 7);
            var taken = threads.invokeAll(
                    IntStream.range(0, 1000).mapToObj(i -> taking).toList());

            var winners = 0;
            for (var one : taken) {
                winners += one.get(10, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Example
    void countsUpToTheLargestOfEightDigitsAreTaken() {
        assertThat(LongStream.of(0, 1, 0x7fffffffL, 0x80000000L, 0xffffffffL)
                        .allMatch(count -> counts.take("a", issued, count)))
                .isTrue();
    }
}
