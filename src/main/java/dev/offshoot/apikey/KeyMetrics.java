package dev.offshoot.apikey;

import static java.util.Objects.requireNonNull;

import dev.offshoot.apikey.KeyCheck.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Counts the keys that are presented: by callers, and by products that ask about their customers'. Every counter exists
 * from the start: one that appears late hides its first count.
 */
@Startup
@ApplicationScoped
public class KeyMetrics {
    private final Counter cached;
    private final Counter notCached;
    private final Counter knownToBeUnknown;
    private final Counter notKnownToBeUnknown;
    private final Counter overBudget;
    private final Map<Reason, Counter> refused;
    private final Counter verifiedAsValid;
    private final Map<Reason, Counter> verifiedAsInvalid;

    KeyMetrics(MeterRegistry metrics) {
        cached = lookUps(metrics, "callers", "hit");
        notCached = lookUps(metrics, "callers", "miss");
        knownToBeUnknown = lookUps(metrics, "unknown_keys", "hit");
        notKnownToBeUnknown = lookUps(metrics, "unknown_keys", "miss");
        overBudget = Counter.builder("offshoot.keys.over.budget")
                .description("Keys that were not looked up because too many unknown ones came")
                .register(metrics);
        refused = counters(reason -> Counter.builder("offshoot.callers.refused")
                .tag("reason", reason.text())
                .description("Requests whose caller was refused")
                .register(metrics));
        verifiedAsValid = verified(metrics, "valid");
        verifiedAsInvalid = counters(reason -> verified(metrics, reason.text()));
    }

    /** Counts a caller that was refused. */
    public void refused(Reason reason) {
        requireNonNull(refused.get(reason)).increment();
    }

    /** Counts an answer about a customer's key. */
    public void verified(KeyCheck check) {
        var counter = check instanceof KeyCheck.Invalid invalid
                ? requireNonNull(verifiedAsInvalid.get(invalid.reason()))
                : verifiedAsValid;
        counter.increment();
    }

    void lookedInCallers(boolean hit) {
        (hit ? cached : notCached).increment();
    }

    void lookedInUnknownKeys(boolean hit) {
        (hit ? knownToBeUnknown : notKnownToBeUnknown).increment();
    }

    void overBudget() {
        overBudget.increment();
    }

    private static Counter lookUps(MeterRegistry metrics, String cache, String result) {
        return Counter.builder("offshoot.cache.lookups")
                .tag("cache", cache)
                .tag("result", result)
                .description("Look-ups in this process's caches")
                .register(metrics);
    }

    private static Counter verified(MeterRegistry metrics, String code) {
        return Counter.builder("offshoot.keys.verified")
                .tag("code", code)
                .description("Customers' keys that products and proxies asked about")
                .register(metrics);
    }

    private static Map<Reason, Counter> counters(Function<Reason, Counter> counter) {
        return new EnumMap<Reason, Counter>(
                Arrays.stream(Reason.values()).collect(Collectors.toMap(each -> each, counter)));
    }
}
