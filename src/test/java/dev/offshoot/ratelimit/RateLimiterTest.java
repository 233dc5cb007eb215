package dev.offshoot.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.failure.Failure;
import dev.offshoot.testing.TestTimeMeter;
import dev.offshoot.value.KeyId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bucket of a key: what it lets pass, what it tells, and what a new limit makes of it. */
class RateLimiterTest {
    private static final KeyId KEY = new KeyId("000000000000");
    private static final RateLimit TEN = new RateLimit(10, 10);

    private final TestTimeMeter time = new TestTimeMeter();
    private final RateLimiter limiter = new RateLimiter(time);

    /** What a bucket lets pass is its burst and what it gets meanwhile; what a full one gets is lost. */
    @ParameterizedTest
    @CsvSource({"1, 1", "7, 1", "10, 10", "50, 5", "100, 300"})
    void tenTimesTheRateLetsTheLimitPassInEveryWindowAndNoMore(long rate, long burst) {
        var limit = new RateLimit(rate, burst);
        var step = Duration.ofSeconds(1).dividedBy(10 * rate);
        var accepted = new ArrayList<Long>();
        for (var i = 0; i < 10 * rate * 20; i++) {
            if (take(limit, 1).allowed()) {
                accepted.add(time.currentTimeNanos());
            }
            time.pass(step);
        }

        for (var seconds : List.of(1, 2, 5, 20)) {
            assertThat(accepted).allSatisfy(from -> assertThat(within(accepted, from, Duration.ofSeconds(seconds)))
                    .isLessThanOrEqualTo(burst + rate * seconds + 1));
        }
        assertThat(accepted).hasSizeGreaterThanOrEqualTo((int) (rate * 18));
    }

    @Test
    void whatIsToldIsWhatIsThere() {
        var limit = new RateLimit(4, 10);

        assertThat(limit.secondsToFill()).isEqualTo(3);
        assertTold(take(limit, 1), true, 9, 1);
        assertTold(take(limit, 5), true, 4, 2);
        assertTold(take(limit, 5), false, 4, 2);
        assertTold(take(limit, 4), true, 0, 3);
        assertThat(take(limit, 1).failure()).isEqualTo(new Failure.RateLimited(4, 1));
        time.pass(Duration.ofMillis(249));
        assertTold(take(limit, 1), false, 0, 3);
        time.pass(Duration.ofMillis(1));
        assertTold(take(limit, 1), true, 0, 3);
        time.pass(Duration.ofDays(400));
        assertTold(take(limit, 1), true, 9, 1);
    }

    @Test
    void moreThanTheBurstPassesAFullBucketAndLeavesItInDebt() {
        assertThat(take(TEN, 1).allowed()).isTrue();
        assertThat(take(TEN, 1_000_000).allowed()).isFalse();
        time.pass(Duration.ofMillis(100));

        assertTold(take(TEN, 1_000_000), true, 0, 100_000);

        assertThat(take(TEN, 1).failure()).isEqualTo(new Failure.RateLimited(10, 100_000));
        assertThat(take(TEN, 1_000_000).allowed()).isFalse();
        time.pass(Duration.ofSeconds(99_999));
        assertThat(take(TEN, 1).allowed()).isFalse();
        time.pass(Duration.ofMillis(100));
        assertThat(take(TEN, 1).allowed()).isTrue();
    }

    @Test
    void noTokensAskForOneAndTakeNone() {
        for (var i = 0; i < 30; i++) {
            assertTold(take(TEN, 0), true, 10, 0);
        }
        take(TEN, 10);

        assertTold(take(TEN, 0), false, 0, 1);
        time.pass(Duration.ofMillis(100));
        assertTold(take(TEN, 0), true, 1, 1);
        assertThat(take(TEN, 1).allowed()).isTrue();
    }

    @Test
    void greaterBurstAddsTheDifferenceAndASmallerOneTakesItAway() {
        take(TEN, 8);

        assertTold(take(new RateLimit(1000, 1000), 1), true, 991, 1);
        assertTold(take(new RateLimit(1, 5), 1), true, 4, 1);
        assertTold(take(TEN, 9), true, 0, 1);
        assertTold(take(new RateLimit(1, 5), 1), false, 0, 5);
    }

    @Test
    void newRateFillsTheBucketFromTheNextCall() {
        take(TEN, 10);
        assertThat(take(new RateLimit(1000, 10), 1).allowed()).isFalse();
        time.pass(Duration.ofMillis(5));

        assertTold(take(new RateLimit(1000, 10), 1), true, 4, 1);
    }

    @Test
    void debtOutlivesANewLimitAndIsPaidAtItsRate() {
        take(TEN, 1_000_000);

        assertThat(take(new RateLimit(1000, 10), 1).failure()).isEqualTo(new Failure.RateLimited(1000, 1000));
        assertTold(take(new RateLimit(1000, 20), 1), false, 0, 1000);
    }

    @Test
    void limitThatWasAwayForAWhileFindsTheBucketAsTimeLeftIt() {
        take(TEN, 10);

        assertThat(limiter.take(KEY, null, 1)).isEmpty();
        assertThat(take(TEN, 1).allowed()).isFalse();
        time.pass(Duration.ofMillis(200));
        assertThat(take(TEN, 1).remaining()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 1000000", "1000000, 1", "1000000, 1000000"})
    void extremesFitTheArithmetic(long rate, long burst) {
        var limit = new RateLimit(rate, burst);

        assertThat(take(limit, burst)).isEqualTo(new RateLimitResult(limit, true, 0));
        assertThat(take(limit, 1).allowed()).isFalse();
        time.pass(Duration.ofSeconds(limit.secondsToFill()));
        assertThat(take(limit, 1_000_000)).isEqualTo(new RateLimitResult(limit, true, burst - 1_000_000));
        time.pass(Duration.ofSeconds(take(limit, 0).secondsUntilFull()));
        assertThat(take(limit, 0)).isEqualTo(new RateLimitResult(limit, true, burst));
    }

    @Test
    void keysDoNotShareABucket() {
        take(TEN, 10);

        assertThat(limiter.take(new KeyId("111111111111"), TEN, 1).orElseThrow().remaining())
                .isEqualTo(9);
    }

    @Test
    void manyThreadsTakeNoTokenTwice() {
        var limit = new RateLimit(1, 1000);

        var allowed = IntStream.range(0, 10_000)
                .parallel()
                .filter(i -> take(limit, 1).allowed())
                .count();

        assertThat(allowed).isEqualTo(1000);
    }

    /** A key that calls stays known; what is forgotten of the others makes their limits looser, and none stricter. */
    @Test
    void bucketsAreBoundedAndTheOneInUseStays() {
        var limit = new RateLimit(1, 1_000_000);
        LongStream.range(0, 100).forEach(i -> take(limit, 1));

        LongStream.range(0, 3 * RateLimiter.MAX_BUCKETS).forEach(i -> {
            limiter.take(new KeyId("k%011d".formatted(i)), TEN, 1);
            take(limit, 1);
        });

        assertThat(limiter.size()).isLessThanOrEqualTo(RateLimiter.MAX_BUCKETS);
        assertThat(take(limit, 0).remaining()).isEqualTo(1_000_000 - 100 - 3 * RateLimiter.MAX_BUCKETS);
    }

    private RateLimitResult take(RateLimit limit, long tokens) {
        return limiter.take(KEY, limit, tokens).orElseThrow();
    }

    private static long within(List<Long> accepted, long from, Duration window) {
        return accepted.stream()
                .filter(at -> at >= from && at < from + window.toNanos())
                .count();
    }

    private static void assertTold(RateLimitResult result, boolean allowed, long remaining, long untilFull) {
        assertThat(result.allowed()).isEqualTo(allowed);
        assertThat(result.remaining()).isEqualTo(remaining);
        assertThat(result.secondsUntilFull()).isEqualTo(untilFull);
    }
}
