package dev.offshoot.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keys that nobody knows are looked up so often in a second and no more; known ones always. */
class StrangersTest {
    private static final int MOST = 50;

    private final Strangers strangers = new Strangers(new KeyMetrics(new SimpleMeterRegistry()), MOST);

    @Test
    void soManyAreLookedUpInASecondAndNoMore() {
        var admitted = IntStream.range(0, 20 * MOST).filter(i -> isAdmitted()).count();

        // The loop may lie in two seconds.
        assertThat(admitted).isBetween((long) MOST, 2L * MOST);
        assertThatThrownBy(() -> IntStream.range(0, 20 * MOST)
                        .forEach(i -> strangers.admit(KeySecret.mint().digest())))
                .isInstanceOfSatisfying(FailureException.class, refused -> assertThat(refused.failure())
                        .isEqualTo(new Failure.Unavailable(1)));
    }

    @Test
    void knownKeysAreNotCounted() {
        var known = KeySecret.mint().digest();
        strangers.found(known);
        IntStream.range(0, 20 * MOST).forEach(i -> isAdmitted());

        IntStream.range(0, 20 * MOST).forEach(i -> strangers.admit(known));
    }

    @Test
    void oneKeyThatIsPresentedManyTimesAtOnceCountsOnce() {
        var one = KeySecret.mint().digest();

        IntStream.range(0, 20 * MOST).forEach(i -> strangers.admit(one));

        assertThat(isAdmitted()).isTrue();
    }

    @Test
    void whatWasNoneIsNoneForAWhile() {
        var none = KeySecret.mint().digest();

        assertThat(strangers.isNone(none)).isFalse();
        strangers.notFound(none);

        assertThat(strangers.isNone(none)).isTrue();
        assertThat(strangers.isNone(KeySecret.mint().digest())).isFalse();
    }

    private boolean isAdmitted() {
        try {
            strangers.admit(KeySecret.mint().digest());
            return true;
        } catch (FailureException refused) {
            return false;
        }
    }
}
