package dev.offshoot.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keys that nobody knows are looked up so often in a second and no more; known ones always. */
class UnknownKeyLimiterTest {
    private static final int MOST = 50;

    private final UnknownKeyLimiter unknownKeys =
            new UnknownKeyLimiter(new KeyMetrics(new SimpleMeterRegistry()), MOST);

    @Test
    void soManyAreLookedUpInASecondAndNoMore() {
        var admitted = IntStream.range(0, 20 * MOST).filter(i -> isAdmitted()).count();

        // The loop may lie in two seconds.
        assertThat(admitted).isBetween((long) MOST, 2L * MOST);
        assertThatThrownBy(() -> IntStream.range(0, 20 * MOST)
                        .forEach(i -> unknownKeys.admit(KeySecret.mint().digest())))
                .isInstanceOfSatisfying(FailureException.class, refused -> assertThat(refused.failure())
                        .isEqualTo(new Failure.Unavailable(Failure.Unavailable.Cause.UNKNOWN_KEYS)));
    }

    @Test
    void knownKeysAreNotCounted() {
        var known = KeySecret.mint().digest();
        unknownKeys.note(known, true);
        IntStream.range(0, 20 * MOST).forEach(i -> isAdmitted());

        IntStream.range(0, 20 * MOST).forEach(i -> unknownKeys.admit(known));
    }

    @Test
    void oneKeyThatIsPresentedManyTimesAtOnceCountsOnce() {
        var one = KeySecret.mint().digest();

        IntStream.range(0, 20 * MOST).forEach(i -> unknownKeys.admit(one));

        assertThat(isAdmitted()).isTrue();
    }

    @Test
    void keyThatWasNotFoundIsUnknownForAWhile() {
        var none = KeySecret.mint().digest();

        assertThat(unknownKeys.isUnknown(none)).isFalse();
        unknownKeys.note(none, false);

        assertThat(unknownKeys.isUnknown(none)).isTrue();
        assertThat(unknownKeys.isUnknown(KeySecret.mint().digest())).isFalse();
    }

    private boolean isAdmitted() {
        try {
            unknownKeys.admit(KeySecret.mint().digest());
            return true;
        } catch (FailureException refused) {
            return false;
        }
    }
}
