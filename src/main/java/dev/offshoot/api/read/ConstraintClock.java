package dev.offshoot.api.read;

import jakarta.inject.Singleton;
import jakarta.validation.ClockProvider;
import java.time.Clock;

/** The clock of constraints on times, which is the service's. */
@Singleton
class ConstraintClock implements ClockProvider {
    private final Clock clock;

    ConstraintClock(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Clock getClock() {
        return clock;
    }
}
