package dev.offshoot.runtime;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.ZoneOffset;

/** Provides the clock of the service. It ticks in milliseconds, as the database's dates do. */
final class Clocks {
    @Produces
    @Singleton
    @DefaultBean
    Clock milliseconds() {
        return Clock.tickMillis(ZoneOffset.UTC);
    }
}
