package dev.offshoot.api.http;

import static java.util.Objects.requireNonNull;

import dev.offshoot.failure.Failure.Unavailable.Cause;
import dev.offshoot.telemetry.OnceASecond;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Counts every answer of 503 by its cause, and logs each cause at most once a second. Every counter exists from the start,
 * because a counter that appears late hides its first count.
 */
@ApplicationScoped
class UnavailableAnswers {
    private static final Logger LOG = Logger.getLogger(UnavailableAnswers.class);

    private final Map<Cause, Counter> counters = new EnumMap<>(Cause.class);
    private final Map<Cause, OnceASecond> lines = new EnumMap<>(Cause.class);

    UnavailableAnswers(MeterRegistry metrics, Clock clock) {
        for (var cause : EnumSet.complementOf(EnumSet.of(Cause.CLIENT_GONE))) {
            counters.put(
                    cause,
                    Counter.builder("offshoot.http.unavailable")
                            .tag("cause", name(cause))
                            .description("Requests that were answered 503")
                            .register(metrics));
            lines.put(cause, new OnceASecond(clock));
        }
    }

    /** Does nothing if the client has gone: then there is no answer. */
    void count(Cause cause) {
        if (cause == Cause.CLIENT_GONE) {
            return;
        }
        requireNonNull(counters.get(cause)).increment();
        requireNonNull(lines.get(cause))
                .log(count -> LOG.warnf("Requests are answered 503: cause=%s count=%d", name(cause), count));
    }

    private static String name(Cause cause) {
        return cause.name().toLowerCase(Locale.ROOT);
    }
}
