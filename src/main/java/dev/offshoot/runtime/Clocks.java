package dev.offshoot.runtime;

import io.github.bucket4j.TimeMeter;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.ZoneOffset;

/**
 * Provides the clocks of the service: one that ticks in milliseconds, as the database's dates do, and one for spans of
 * time, which nobody can set.
 */
final class Clocks {
    @Produces
    @Singleton
    @DefaultBean
    Clock milliseconds() {
        return Clock.tickMillis(ZoneOffset.UTC);
    }

    @Produces
    @Singleton
    @DefaultBean
    TimeMeter monotonic() {
        return TimeMeter.SYSTEM_NANOTIME;
    }
}
