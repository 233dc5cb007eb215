package dev.offshoot.provisioning;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.offshoot.testing.Cases;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.TestClock;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.model.Sequence;
import dev.offshoot.testing.model.Unanswered;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Generated sequences of calls about organisations, keys and limits, compared with a model of the contract: with and without {@code Idempotency-Key} and
 * entity tags, sent again later, in another order, by others or changed. {@code TEST_SEQUENCES} says how many, 500 unless
 * it is set, and {@code TEST_SEQUENCES_FROM} the number of the first, which a run prints.
 */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class SequencesTest {
    private static final int SEQUENCES =
            Cases.of(set("TEST_SEQUENCES", Integer::parseInt).orElse(500));

    /** So many lead to each of these outcomes a few times. */
    private static final int MANY = 200;

    private static final String[] OUTCOMES = {
        "Create 200",
        "Create 200 again",
        "Create 409",
        "Create 422",
        "Delete 200",
        "Delete 200 again",
        "Get 200",
        "ListKeys 200",
        "Mint 200",
        "Mint 200 again",
        "Put 200",
        "Rename 200",
        "Revoke 200",
        "Rotate 200",
        "Rotate 200 again",
        "SetLimits 200",
        "Update 200",
        "Update 200 again",
        "Update 412",
        "Update 422"
    };

    /** A slow database is no fault. */
    private static final int TRIES = 5;

    private static final Duration HOUR = Duration.ofHours(1);

    @Inject
    PendingWork pending;

    @Inject
    TestClock clock;

    @Test
    void everyAnswerIsThatOfTheModel() {
        var first = set("TEST_SEQUENCES_FROM", Long::parseLong)
                .orElseGet(() -> (long) new Random().nextInt(Integer.MAX_VALUE));
        System.out.printf("Sequences: %d from number %d%n", SEQUENCES, first);
        var outcomes = LongStream.range(first, first + SEQUENCES)
                .boxed()
                .flatMap(number -> run(number).stream())
                .collect(groupingBy(identity(), TreeMap::new, counting()));
        System.out.println("What came of the calls: " + outcomes);
        if (SEQUENCES >= MANY) {
            assertThat(outcomes).containsKeys(OUTCOMES);
        }
    }

    private List<String> run(long number) {
        var sequence = Sequence.of(number);
        TestDatabase.clear();
        try {
            return run(sequence);
        } catch (AssertionError wrong) {
            var shrunk = sequence.shrunk(this::fails);
            System.out.println("A sequence of " + shrunk.steps().size() + " steps fails too, from number " + number);
            run(shrunk);
            return fail("it failed only once", wrong);
        }
    }

    private boolean fails(Sequence sequence) {
        try {
            run(sequence);
            return false;
        } catch (AssertionError wrong) {
            return true;
        }
    }

    private List<String> run(Sequence sequence) {
        var background = new Sequence.Background(() -> pending.complete(clock, HOUR), clock);
        for (var attempt = 1; ; attempt++) {
            try {
                return sequence.run(PartnerClient.root(), background);
            } catch (Unanswered slow) {
                if (attempt == TRIES) {
                    throw slow;
                }
            }
        }
    }

    private static <T> Optional<T> set(String variable, Function<String, T> read) {
        return Optional.ofNullable(System.getenv(variable))
                .filter(value -> !value.isBlank())
                .map(read);
    }
}
