package dev.offshoot.api.read;

import jakarta.inject.Singleton;
import jakarta.validation.ClockProvider;
import java.time.Clock;

/** Makes constraints on times use the clock of the service. */
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
