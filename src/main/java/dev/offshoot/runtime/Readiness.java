package dev.offshoot.runtime;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Ready once the start is done. The database is not asked: while it is away every replica answers 503 by itself, and
 * taking them all out of service would only add to the trouble.
 */
@org.eclipse.microprofile.health.Readiness
@Singleton
class Readiness implements HealthCheck {
    private final Startup startup;

    Readiness(Startup startup) {
        this.startup = startup;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("started").status(startup.isDone()).build();
    }
}
