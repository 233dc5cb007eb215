package dev.offshoot.runtime;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Reports ready once the start is complete. It does not ask the database: while the database is away every replica
 * answers 503 anyway, and to take all replicas out of service would only make matters worse.
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
