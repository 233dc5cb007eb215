package dev.offshoot.testing.model;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.set;

import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.model.Call.Caller;
import dev.offshoot.testing.model.Expected.Moment;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bson.types.ObjectId;

/**
 * Steps one after another, each drawn from a number of its own and from what is there by then. So a sequence without some
 * of its steps is one too.
 */
public record Sequence(List<Long> steps) {
    private static final int LENGTH = 25;

    /** A deletion that takes longer may be answered before it has reached everything. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final String CLAIMS = "requests";
    private static final Duration KEPT = Duration.ofHours(24);

    public Sequence {
        steps = List.copyOf(steps);
    }

    /** That of a number. */
    public static Sequence of(long number) {
        return new Sequence(new Random(number).longs(LENGTH).boxed().toList());
    }

    /** What the service does by itself in the meantime, and the clock that it goes by. */
    public record Background(Runnable work, Clock clock) {}

    /**
     * Runs the sequence for a new partner, whom it leaves nothing. Fails with what was called and what was wrong.
     *
     * @return what came of each call: its name and the status, and whether that was given again
     */
    public List<String> run(PartnerClient root, Background background) {
        var run = begin(root, background);
        try {
            steps.forEach(run::step);
            return run.outcomes;
        } catch (Unanswered slow) {
            throw slow;
        } catch (AssertionError | RuntimeException wrong) {
            throw failure(run, wrong);
        } finally {
            background.work().run();
            remove(run.partner);
        }
    }

    /** Nothing but a slow database keeps the service from creating a partner and minting two keys. */
    private static Run begin(PartnerClient root, Background background) {
        try {
            var partner = root.createPartner("Partner");
            return new Run(partner.id(), callers(partner), background);
        } catch (AssertionError slow) {
            throw new Unanswered();
        }
    }

    /** Names no key: whatever a test prints is searched for keys. */
    private static AssertionError failure(Run run, Throwable wrong) {
        var text = run.text() + "\n" + wrong;
        var failure = new AssertionError(text.replaceAll("osk_\\w+", "osk_…"));
        failure.setStackTrace(wrong.getStackTrace());
        return failure;
    }

    /** Steps without which the sequence does not fail any more; only these are left. */
    public Sequence shrunk(Predicate<Sequence> fails) {
        for (var step = 0; step < steps.size(); step++) {
            var rest = new ArrayList<>(steps);
            rest.remove(step);
            var shorter = new Sequence(rest);
            if (fails.test(shorter)) {
                return shorter.shrunk(fails);
            }
        }
        return this;
    }

    /** Three keys of one organisation: two have the same roles. */
    private static List<Caller> callers(Created partner) {
        var first = PartnerClient.of(partner);
        var roles = List.of(List.of("partner"), List.of("gateway", "partner"));
        var others = roles.stream()
                .map(theirs -> new Caller(
                        PartnerClient.with(first.mint("/api-keys", theirs.toArray(String[]::new))
                                .secret()),
                        partner.id(),
                        Set.copyOf(theirs)));
        return Stream.concat(Stream.of(new Caller(first, partner.id(), Set.of("partner"))), others)
                .toList();
    }

    private static void remove(String partner) {
        for (var collection : List.of("organisations", "api_keys", CLAIMS)) {
            TestDatabase.data().getCollection(collection).deleteMany(eq("lineage", new ObjectId(partner)));
        }
    }

    /** The steps so far. */
    private static final class Run {
        private final String partner;
        private final List<Caller> callers;
        private final Background background;
        private final PartnerModel model = new PartnerModel();
        private final List<Call> made = new ArrayList<>();
        private final List<String> outcomes = new ArrayList<>();
        private final List<String> log = new ArrayList<>();

        Run(String partner, List<Caller> callers, Background background) {
            this.partner = partner;
            this.callers = callers;
            this.background = background;
        }

        void step(long number) {
            var random = new Random(number);
            switch (random.nextInt(30)) {
                case 0 -> passDay();
                case 1 -> {
                    log.add("background work");
                    background.work().run();
                }
                default -> make(new Draw(random, model, callers, made).call());
            }
        }

        private void passDay() {
            log.add("a day passes");
            TestDatabase.data()
                    .getCollection(CLAIMS)
                    .updateMany(
                            eq("lineage", new ObjectId(partner)),
                            set(
                                    "created_at",
                                    Date.from(background.clock().instant().minus(KEPT))));
            model.forgetAnswers();
        }

        private void make(Call call) {
            log.add(call.toString());
            var from = background.clock().instant();
            var answer = call.send();
            var to = background.clock().instant();
            log.add("    " + answer.status() + " " + answer.body());
            if (Duration.between(from, to).compareTo(LONGEST) >= 0) {
                throw new Unanswered();
            }
            model.check(call, answer, new Moment(from, to));
            made.add(call);
            var again = answer.header("Idempotent-Replayed").isEmpty() ? "" : " again";
            outcomes.add(call.operation().getClass().getSimpleName() + " " + answer.status() + again);
        }

        String text() {
            return String.join("\n", log);
        }
    }
}
