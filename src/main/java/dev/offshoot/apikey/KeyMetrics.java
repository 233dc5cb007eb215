package dev.offshoot.apikey;

import static java.util.Objects.requireNonNull;

import dev.offshoot.apikey.KeyCheck.Reason;
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
 * Counts the keys that are presented, by callers and by products that verify their customers' keys. Every counter
 * exists from the start, because a counter that appears late hides its first count.
 */
@Startup
@ApplicationScoped
public class KeyMetrics {
    private final Counter cached;
    private final Counter notCached;
    private final Counter knownToBeUnknown;
    private final Counter notKnownToBeUnknown;
    private final Map<Budget, Counter> overBudget;
    private final Map<Reason, Counter> refused;
    private final Counter verifiedAsValid;
    private final Map<Reason, Counter> verifiedAsInvalid;

    KeyMetrics(MeterRegistry metrics) {
        cached = lookUps(metrics, "callers", "hit");
        notCached = lookUps(metrics, "callers", "miss");
        knownToBeUnknown = lookUps(metrics, "unknown_keys", "hit");
        notKnownToBeUnknown = lookUps(metrics, "unknown_keys", "miss");
        overBudget = counters(Budget.class, budget -> Counter.builder("offshoot.keys.over.budget")
                .tag("budget", budget.name().toLowerCase(Locale.ROOT))
                .description("Keys that were not looked up because too many unknown ones came")
                .register(metrics));
        refused = counters(Reason.class, reason -> Counter.builder("offshoot.callers.refused")
                .tag("reason", reason.text())
                .description("Requests whose caller was refused")
                .register(metrics));
        verifiedAsValid = verified(metrics, "valid");
        verifiedAsInvalid = counters(Reason.class, reason -> verified(metrics, reason.text()));
    }

    /** Whose look-ups found nothing too often. */
    private enum Budget {
        NETWORK,
        ALL_NETWORKS,
        GATEWAY,
        ALL_GATEWAYS
    }

    /** Counts a caller that was refused. */
    public void refused(Reason reason) {
        requireNonNull(refused.get(reason)).increment();
    }

    /** Counts the verification of a customer's key. */
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

    /** @param ofAll whether all sources of that kind together have used up their budget, and not the source its own */
    void overBudget(KeySource source, boolean ofAll) {
        var budget = source instanceof KeySource.Gateway
                ? (ofAll ? Budget.ALL_GATEWAYS : Budget.GATEWAY)
                : (ofAll ? Budget.ALL_NETWORKS : Budget.NETWORK);
        requireNonNull(overBudget.get(budget)).increment();
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

    private static <E extends Enum<E>> Map<E, Counter> counters(Class<E> type, Function<E, Counter> counter) {
        return new EnumMap<E, Counter>(
                Arrays.stream(type.getEnumConstants()).collect(Collectors.toMap(each -> each, counter)));
    }
}
