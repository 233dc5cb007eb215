package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.offshoot.settings.Settings;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the operating guide's tables hold every setting, with its type and default, and none that there is not. */
class OperatingGuideTest {
    private static final Path GUIDE = Path.of("src/docs/operating.md");
    private static final String OWN = "### Offshoot's own";
    private static final String FRAMEWORK = "### The framework's";
    private static final String OPENTELEMETRY = "### OpenTelemetry's";
    private static final String BUILT_IN = "### Built in";
    private static final String PRODUCTION = "%prod.";

    @Test
    void everySettingOfOffshootIsThereWithItsTypeAndDefault() {
        var settings = properties(Settings.class).entrySet().stream()
                .filter(property -> !property.getKey().endsWith("[*]"))
                .map(property -> "| `%s` | %s | %s |"
                        .formatted(
                                environment(property.getKey()),
                                type(property.getValue().getMethod().getGenericReturnType()),
                                defaultOf(property.getValue())))
                .collect(Collectors.toCollection(TreeSet::new));

        var rows = rows(OWN).stream()
                .map(row -> "| %s | %s | %s |".formatted(row.get(0), row.get(1), row.get(2)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(rows)
                .as(
                        "the table below \"%s\" in %s and Settings: write a row, with what it is for, for each"
                                + " setting that the table lacks, and take out those that there are no more",
                        OWN, GUIDE)
                .isEqualTo(settings);
    }

    @Test
    void everySettingBuiltInIsThereWithItsValue() {
        var named = new TreeMap<String, String>();
        rows(FRAMEWORK).forEach(row -> named.put(plain(row.get(0)), plain(row.get(1))));
        rows(BUILT_IN).forEach(row -> named.put(plain(row.get(0)), plain(row.get(1))));

        assertThat(builtIn()).allSatisfy((property, value) -> assertThat(named)
                .as(
                        "%s of application.properties: write a row, with why, below \"%s\" in %s, or with its"
                                + " name in the environment below \"%s\", when operators may set it",
                        property, BUILT_IN, GUIDE, FRAMEWORK)
                .satisfiesAnyOf(
                        all -> assertThat(all).containsEntry(property, value),
                        all -> assertThat(all).containsEntry(environment(property), value),
                        all -> assertThat(all.keySet())
                                .anyMatch(name -> name.endsWith(".*")
                                        && property.startsWith(name.substring(0, name.length() - 1)))));
    }

    @Test
    void everySettingNamedIsThere() {
        var builtIn = builtIn();
        var known = known();

        assertThat(rows(FRAMEWORK)).isNotEmpty().allSatisfy(row -> assertThat(known)
                .as(
                        "%s below \"%s\" in %s is no setting that the framework has: take it out",
                        row.get(0), FRAMEWORK, GUIDE)
                .contains(plain(row.get(0))));
        assertThat(rows(BUILT_IN))
                .isNotEmpty()
                .extracting(row -> plain(row.get(0)))
                .allSatisfy(name -> assertThat(builtIn.keySet())
                        .as(
                                "%s below \"%s\" in %s is not in application.properties: take it out",
                                name, BUILT_IN, GUIDE)
                        .anyMatch(property -> name.endsWith(".*")
                                ? property.startsWith(name.substring(0, name.length() - 1))
                                : property.equals(name)));
    }

    @Test
    void everyRowSaysWhatItIsFor() {
        assertThat(Stream.of(OWN, FRAMEWORK, OPENTELEMETRY, BUILT_IN).flatMap(heading -> rows(heading).stream()))
                .allSatisfy(row -> assertThat(row.get(row.size() - 1)).isNotBlank());
    }

    @Test
    void everySettingThatTheStartChecksNameIsInATable() {
        var named = Stream.of(OWN, FRAMEWORK, OPENTELEMETRY)
                .flatMap(heading -> rows(heading).stream())
                .map(row -> plain(row.get(0)))
                .collect(Collectors.toSet());

        var checked = Set.of(
                "QUARKUS_MONGODB_CONNECTION_STRING",
                "QUARKUS_MONGODB_READ_PREFERENCE",
                "QUARKUS_HTTP_HOST",
                "QUARKUS_MANAGEMENT_HOST",
                "QUARKUS_HTTP_INSECURE_REQUESTS",
                "QUARKUS_HTTP_SSL_CERTIFICATE_FILES",
                "QUARKUS_HTTP_SSL_CERTIFICATE_KEY_FILES",
                "OFFSHOOT_HTTP_TRUSTED_PROXIES",
                "OFFSHOOT_KEY_ENCRYPTION_CURRENT",
                "OFFSHOOT_KEY_ENCRYPTION_PREVIOUS",
                "OFFSHOOT_ROOT_KEY",
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                "OTEL_TRACES_EXPORTER",
                "OTEL_TRACES_SAMPLER",
                "OTEL_TRACES_SAMPLER_ARG",
                "OTEL_RESOURCE_ATTRIBUTES");

        assertThat(named).containsAll(checked);
    }

    /** The settings of application.properties as they are in production. */
    private static Map<String, String> builtIn() {
        var properties = new Properties();
        try (var file = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            properties.load(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return properties.stringPropertyNames().stream()
                .filter(name -> !name.startsWith("%") || name.startsWith(PRODUCTION))
                .collect(Collectors.toMap(
                        name -> name.replace(PRODUCTION, ""),
                        name -> properties.getProperty(name).strip(),
                        (everywhere, inProduction) -> inProduction));
    }

    /** The names in the environment of every setting that takes effect at start, as the extensions in use describe them. */
    private static Set<String> known() {
        try {
            var names = new HashSet<String>();
            var models = OperatingGuideTest.class
                    .getClassLoader()
                    .getResources("META-INF/quarkus-config-doc/quarkus-config-model.json");
            while (models.hasMoreElements()) {
                new ObjectMapper()
                        .readTree(models.nextElement()).findParents("phase").stream()
                                .filter(setting ->
                                        setting.get("phase").textValue().equals("RUN_TIME"))
                                .map(setting ->
                                        setting.at("/path/environmentVariable").textValue())
                                .forEach(names::add);
            }
            return names;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Map<String, Property> properties(Class<?> mapping) {
        return ConfigMappings.getProperties(ConfigClass.configClass(mapping));
    }

    private static String environment(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static String type(Type type) {
        if (type instanceof ParameterizedType of && of.getRawType() == Optional.class) {
            return type(of.getActualTypeArguments()[0]);
        }
        if (type instanceof ParameterizedType of && of.getRawType() == List.class) {
            return "list";
        }
        if (type instanceof Class<?> choice && choice.isEnum()) {
            return Arrays.stream(choice.getEnumConstants())
                    .map(constant -> "`" + constant.toString().toLowerCase(Locale.ROOT) + "`")
                    .collect(Collectors.joining(", "));
        }
        return Map.<Type, String>of(
                        boolean.class, "true or false",
                        int.class, "number",
                        long.class, "number",
                        double.class, "number",
                        Duration.class, "duration",
                        MemorySize.class, "bytes",
                        String.class, "text")
                .getOrDefault(type, type.getTypeName());
    }

    private static String defaultOf(Property property) {
        if (property.getMethod().getReturnType() == Optional.class) {
            return "none";
        }
        return property.hasDefaultValue() ? "`" + property.getDefaultValue() + "`" : "by the build";
    }

    /** The cells of each row of the table below that heading. */
    private static List<List<String>> rows(String heading) {
        try {
            var lines = Files.readAllLines(GUIDE);
            assertThat(lines).contains(heading);
            return lines.subList(lines.indexOf(heading) + 1, lines.size()).stream()
                    .takeWhile(line -> !line.startsWith("#"))
                    .filter(line -> line.startsWith("| `"))
                    .map(line -> Arrays.stream(
                                    line.substring(1, line.length() - 1).split(" \\| ", -1))
                            .map(String::strip)
                            .toList())
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String plain(String cell) {
        return cell.replace("`", "");
    }
}
