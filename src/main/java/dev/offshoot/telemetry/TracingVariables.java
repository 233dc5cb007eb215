package dev.offshoot.telemetry;

import static java.util.function.Predicate.not;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/**
 * OpenTelemetry's own variables ({@code OTEL_*}), which set up tracing. Only this class reads them. A blank variable
 * counts as not set.
 */
public final class TracingVariables {
    static final String PROTOCOL = "http/protobuf";

    private static final String PREFIX = "otel.";
    private static final String OTLP = "otel.exporter.otlp.";
    private static final String OTLP_TRACES = OTLP + "traces.";
    private static final String ENDPOINT = "endpoint";
    private static final String EXPORTER = "otel.traces.exporter";
    private static final String RESOURCE_ATTRIBUTES = "otel.resource.attributes";
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int GRPC_PORT = 4317;
    private static final int LAST_PORT = 65_535;

    /** The samplers that need no further library. */
    private static final Set<String> SAMPLERS = Set.of(
            "always_on",
            "always_off",
            "traceidratio",
            "parentbased_always_on",
            "parentbased_always_off",
            "parentbased_traceidratio");

    /** Keyed by their names as properties: {@code OTEL_SERVICE_NAME} is {@code otel.service.name}. */
    private final Map<String, String> values;

    private final List<Unusable> unusable;

    private TracingVariables(Map<String, String> values) {
        this.values = Map.copyOf(values);
        this.unusable = areOn() ? findUnusable() : List.of();
    }

    /** Why a variable makes it impossible to send spans. */
    public enum Flaw {
        NO_ADDRESS,
        OTHER_PROTOCOL,
        OTHER_EXPORTER,
        NO_HEADERS,
        UNKNOWN_SAMPLER,
        NO_RATIO,
        NO_ATTRIBUTES,
        /** The library refuses the variable. */
        REFUSED
    }

    /** A variable that can't be used, by its name in the environment. */
    public record Unusable(String variable, Flaw flaw) {}

    /** Reads the variables that are set, in the environment or as system properties. */
    public static TracingVariables of(Config config) {
        var values = new TreeMap<String, String>();
        for (var name : config.getPropertyNames()) {
            var property = name.toLowerCase(Locale.ROOT).replace('_', '.');
            if (property.startsWith(PREFIX)) {
                config.getOptionalValue(property, String.class)
                        .map(String::strip)
                        .filter(not(String::isEmpty))
                        .ifPresent(value -> values.put(property, value));
            }
        }
        return new TracingVariables(values);
    }

    /** Takes the variables by their names as properties. */
    public static TracingVariables of(Map<String, String> values) {
        return new TracingVariables(values);
    }

    /** Whether the variables ask for traces: they name a collector and do not switch traces off. */
    public boolean areOn() {
        return values.containsKey(otlp(ENDPOINT))
                && !Boolean.parseBoolean(values.get("otel.sdk.disabled"))
                && !"none".equals(values.get(EXPORTER));
    }

    /** Whether spans can be sent: the variables ask for traces, and all of them can be used. */
    public boolean canBeUsed() {
        return areOn() && unusable.isEmpty();
    }

    /** The variables that can't be used; empty if they do not ask for traces. */
    public List<Unusable> unusable() {
        return unusable;
    }

    /** The variable that names the collector's gRPC port, if there is one. This service does not speak gRPC. */
    public Optional<String> withPortOfGrpc() {
        return canBeUsed()
                ? Optional.of(otlp(ENDPOINT))
                        .filter(endpoint -> URI.create(values.get(endpoint)).getPort() == GRPC_PORT)
                        .map(TracingVariables::variable)
                : Optional.empty();
    }

    Map<String, String> values() {
        return values;
    }

    /** Finds a resource attribute by its name. All spans of the process share the resource attributes. */
    Optional<String> resourceAttribute(String name) {
        return Optional.ofNullable(values.get(RESOURCE_ATTRIBUTES))
                .map(list -> decoded(list).get(name));
    }

    /** The variable's name in the environment. */
    static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** Lists our own findings first. If there are none, tries the library, which may refuse further variables. */
    private List<Unusable> findUnusable() {
        var known = Stream.of(
                        flaw(otlp(ENDPOINT), TracingVariables::isAddress, Flaw.NO_ADDRESS),
                        flaw(otlp("protocol"), PROTOCOL::equals, Flaw.OTHER_PROTOCOL),
                        flaw(EXPORTER, "otlp"::equals, Flaw.OTHER_EXPORTER),
                        flaw(otlp("headers"), TracingVariables::areHeaders, Flaw.NO_HEADERS),
                        flaw("otel.traces.sampler", SAMPLERS::contains, Flaw.UNKNOWN_SAMPLER),
                        flaw("otel.traces.sampler.arg", TracingVariables::isRatio, Flaw.NO_RATIO),
                        flaw(RESOURCE_ATTRIBUTES, TracingVariables::areAttributes, Flaw.NO_ATTRIBUTES))
                .flatMap(Optional::stream)
                .toList();
        return known.isEmpty()
                ? TracingSdk.refused(this).map(name -> new Unusable(name, Flaw.REFUSED)).stream()
                        .toList()
                : known;
    }

    private Optional<Unusable> flaw(String property, Predicate<String> usable, Flaw flaw) {
        return Optional.ofNullable(values.get(property))
                .filter(not(usable))
                .map(value -> new Unusable(variable(property), flaw));
    }

    /** The variable for traces takes precedence over the one for all signals. */
    private String otlp(String setting) {
        var traces = OTLP_TRACES + setting;
        return values.containsKey(traces) ? traces : OTLP + setting;
    }

    private static boolean isAddress(String text) {
        try {
            var address = new URI(text);
            return SCHEMES.contains(String.valueOf(address.getScheme()))
                    && address.getHost() != null
                    && address.getPort() <= LAST_PORT
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    private static boolean isRatio(String text) {
        try {
            var ratio = Double.parseDouble(text);
            return ratio >= 0 && ratio <= 1;
        } catch (NumberFormatException malformed) {
            return false;
        }
    }

    /** Uses the HTTP client, which knows the allowed names and characters. */
    private static boolean areHeaders(String list) {
        try {
            var request = HttpRequest.newBuilder();
            decoded(list).forEach(request::setHeader);
            return true;
        } catch (ConfigurationException | IllegalArgumentException malformed) {
            return false;
        }
    }

    private static boolean areAttributes(String list) {
        try {
            decoded(list);
            return true;
        } catch (ConfigurationException | IllegalArgumentException malformed) {
            return false;
        }
    }

    /** Parses a list of names and values as the library does. */
    private static Map<String, String> decoded(String list) {
        var pairs = DefaultConfigProperties.createFromMap(Map.of("list", list)).getMap("list");
        pairs.replaceAll((name, value) -> URLDecoder.decode(value, StandardCharsets.UTF_8));
        return pairs;
    }

    /** Leaves out the values, because headers and addresses can hold passwords. */
    @Override
    public String toString() {
        return "TracingVariables" + values.keySet();
    }
}
