package dev.offshoot.runtime.checks;

import static dev.offshoot.runtime.checks.Unsafe.unusable;
import static java.util.function.Predicate.not;

import dev.offshoot.settings.Settings;
import dev.offshoot.telemetry.Traces;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether traces can be sent where they are meant to go, and which of them. */
@Singleton
class TracingSettings implements SettingCheck {
    private final Settings.Tracing tracing;

    TracingSettings(Settings config) {
        this.tracing = config.tracing();
    }

    @Override
    public Stream<Unsafe> unsafe() {
        return Stream.of(endpoint(), sampled()).flatMap(Optional::stream);
    }

    /** The address is not repeated, as it may hold a password. */
    private Optional<Unsafe> endpoint() {
        return tracing.endpoint()
                .filter(not(Traces::isEndpoint))
                .map(malformed -> unusable(
                        "OFFSHOOT_TRACING_ENDPOINT",
                        "is not an address with http or https and a host: no trace can be sent there",
                        "Set it to the collector's address for traces, such as http://collector:4318/v1/traces; or"
                                + " take it out."));
    }

    private Optional<Unsafe> sampled() {
        return Traces.isPart(tracing.sampled())
                ? Optional.empty()
                : Optional.of(unusable(
                        "OFFSHOOT_TRACING_SAMPLED",
                        "is " + tracing.sampled() + ", which is no part of the requests",
                        "Set it to a number from 0 to 1; or take it out, for all of them."));
    }
}
