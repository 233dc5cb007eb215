package dev.offshoot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;

/** What the service tells Prometheus, as it stood at one moment. */
public record Metrics(List<Sample> samples, Map<String, String> types) {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-z_:][a-z0-9_:]*)(?:\\{(.*)})? ([^ ]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern LABEL =
            Pattern.compile("([a-z_][a-z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\",?", Pattern.CASE_INSENSITIVE);
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");

    /** One series and its value. */
    public record Sample(String name, Map<String, String> labels, double value) {
        public String series() {
            return name + new TreeMap<>(labels);
        }
    }

    /** Scrapes the service under test. */
    public static Metrics scrape() {
        var port = ConfigProvider.getConfig().getValue("quarkus.management.test-port", Integer.class);
        return scrape("http://localhost:" + port);
    }

    /** Scrapes a service by its management port. */
    public static Metrics scrape(String management) {
        var answer = Http.request(management, "GET", "/q/metrics")
                .header("Accept", "text/plain")
                .send();
        assertThat(answer.status()).isEqualTo(200);
        KeySearch.assertNone("the metrics of " + management, answer.body());
        return parse(answer.body());
    }

    /** Reads the text exposition format. */
    public static Metrics parse(String text) {
        var types = new TreeMap<String, String>();
        var samples = text.lines()
                .peek(line -> {
                    var type = TYPE.matcher(line);
                    if (type.matches()) {
                        types.put(type.group(1), type.group(2));
                    }
                })
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(Metrics::sample)
                .toList();
        return new Metrics(samples, types);
    }

    /** The names of its metrics, without what histograms and summaries add to theirs. */
    public Set<String> names() {
        return types.keySet();
    }

    /** The series' value; 0 where there is none. */
    public double value(String name, String... labelsAndValues) {
        return matching(name, labelsAndValues).stream()
                .mapToDouble(Sample::value)
                .sum();
    }

    /** The series of that name with at least these labels. */
    public List<Sample> matching(String name, String... labelsAndValues) {
        Predicate<Sample> fits = sample -> sample.name().equals(name);
        for (var i = 0; i < labelsAndValues.length; i += 2) {
            var label = labelsAndValues[i];
            var value = labelsAndValues[i + 1];
            fits = fits.and(sample -> value.equals(sample.labels().get(label)));
        }
        return samples.stream().filter(fits).toList();
    }

    /** All series of the service's own, by name and labels. */
    public Set<String> ownSeries() {
        return samples.stream()
                .filter(sample -> sample.name().startsWith("offshoot_"))
                .map(Sample::series)
                .collect(Collectors.toSet());
    }

    private static Sample sample(String line) {
        var matcher = SAMPLE.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        var labels = new TreeMap<String, String>();
        if (matcher.group(2) != null) {
            LABEL.matcher(matcher.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        return new Sample(matcher.group(1), Map.copyOf(labels), Double.parseDouble(matcher.group(3)));
    }
}
