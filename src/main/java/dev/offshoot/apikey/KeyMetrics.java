package dev.offshoot.apikey;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is counted of keys that were presented: by callers, and by products that ask about their customers'. All of it is
 * there from the start, for a counter that appears late hides its first count.
 */
@Startup
@ApplicationScoped
public class KeyMetrics {
    private final Counter known;
    private final Counter notKnown;
    private final Counter knownAsNone;
    private final Counter notKnownAsNone;
    private final Counter overBudget;
    private final Map<KeyRefusal, Counter> refusals;
    private final Map<Verdict, Counter> verdicts;

    KeyMetrics(MeterRegistry metrics) {
        known = cache(metrics, "callers", "hit");
        notKnown = cache(metrics, "callers", "miss");
        knownAsNone = cache(metrics, "unknown_keys", "hit");
        notKnownAsNone = cache(metrics, "unknown_keys", "miss");
        overBudget = Counter.builder("offshoot.keys.over.budget")
                .description("Keys that were not looked up because too many came that nobody knows")
                .register(metrics);
        refusals = counters(KeyRefusal.class, reason -> Counter.builder("offshoot.callers.refused")
                .tag("reason", word(reason))
                .description("Requests whose caller was refused")
                .register(metrics));
        verdicts = counters(Verdict.class, verdict -> Counter.builder("offshoot.keys.verified")
                .tag("verdict", word(verdict))
                .description("Customers' keys that products and proxies asked about")
                .register(metrics));
    }

    /** Counts a caller who was refused. */
    public void refused(KeyRefusal reason) {
        requireNonNull(refusals.get(reason)).increment();
    }

    /** Counts an answer to whoever asked about a customer's key. */
    public void verified(Verdict verdict) {
        requireNonNull(verdicts.get(verdict)).increment();
    }

    void lookedInCallers(boolean hit) {
        (hit ? known : notKnown).increment();
    }

    void lookedInUnknownKeys(boolean hit) {
        (hit ? knownAsNone : notKnownAsNone).increment();
    }

    void overBudget() {
        overBudget.increment();
    }

    private static Counter cache(MeterRegistry metrics, String cache, String result) {
        return Counter.builder("offshoot.cache.lookups")
                .tag("cache", cache)
                .tag("result", result)
                .description("Look-ups in this process's caches")
                .register(metrics);
    }

    private static <E extends Enum<E>> Map<E, Counter> counters(Class<E> of, Function<E, Counter> counter) {
        return new EnumMap<E, Counter>(
                Arrays.stream(of.getEnumConstants()).collect(Collectors.toMap(each -> each, counter)));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
