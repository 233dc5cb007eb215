package dev.offshoot.runtime.checks;

import static dev.offshoot.runtime.checks.Unsafe.unusable;
import static dev.offshoot.runtime.checks.Unsafe.warning;

import dev.offshoot.telemetry.TracingVariables;
import dev.offshoot.telemetry.TracingVariables.Unusable;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether traces can be sent where they are meant to go, and which of them. No value is repeated, as addresses and headers
 * may hold a password.
 */
@Singleton
class TracingSettings implements SettingCheck {
    private final TracingVariables variables;

    TracingSettings(TracingVariables variables) {
        this.variables = variables;
    }

    @Override
    public Stream<Unsafe> unsafe() {
        return Stream.concat(variables.unusable().stream().map(TracingSettings::unsafe), portOfGrpc().stream());
    }

    private static Unsafe unsafe(Unusable found) {
        var variable = found.variable();
        return switch (found.flaw()) {
            case NO_ADDRESS ->
                unusable(
                        variable,
                        "is not an address with http or https and a host: no trace can be sent there",
                        "Set it to the collector's address, such as http://collector:4318; or take it out.");
            case OTHER_PROTOCOL ->
                unusable(
                        variable,
                        "is not http/protobuf, the one protocol for traces here: no trace can be sent",
                        "Take it out, and set OTEL_EXPORTER_OTLP_ENDPOINT to where the collector takes OTLP over HTTP.");
            case OTHER_EXPORTER ->
                unusable(
                        variable,
                        "is neither otlp nor none, the two exporters here: no trace can be sent",
                        "Take it out; or set it to none, for no traces.");
            case NO_HEADERS ->
                unusable(
                        variable,
                        "is not a list of headers: no trace can be sent with them",
                        "Write name=value, separated by commas, with other characters percent-encoded, such as"
                                + " Authorization=Bearer%20token; or take it out.");
            case UNKNOWN_SAMPLER ->
                unusable(
                        variable,
                        "is not a sampler that is known here: which requests are traced is open",
                        "Set it to always_on, always_off, traceidratio, or one of these with parentbased_ before it; or take"
                                + " it out, for parentbased_always_on.");
            case NO_RATIO ->
                unusable(
                        variable,
                        "is not a number from 0 to 1: which part of the requests is traced is open",
                        "Set it to a number from 0 to 1; or take it out, for all of them.");
            case NO_ATTRIBUTES ->
                unusable(
                        variable,
                        "is not a list of attributes: traces would not say where they come from",
                        "Write name=value, separated by commas, with other characters percent-encoded; or take it out.");
            case REFUSED ->
                unusable(
                        variable,
                        "is refused by OpenTelemetry: no trace can be sent",
                        "Set it as OpenTelemetry's specification describes it; or take it out.");
        };
    }

    private Optional<Unsafe> portOfGrpc() {
        return variables
                .withPortOfGrpc()
                .map(variable -> warning(
                        variable,
                        "has port 4317, where collectors take OTLP over gRPC: traces are likely lost",
                        "Set it to where the collector takes OTLP over HTTP, which is port 4318 by default."));
    }
}
