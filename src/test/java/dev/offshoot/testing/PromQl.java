package dev.offshoot.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A query in PromQL, as far as it takes to see whether all that it names exists: metrics, the labels and values they are
 * selected by, and the labels they are grouped by. Whether it is a query at all is for {@code promtool} to say.
 */
public final class PromQl {
    private static final Set<String> WORDS = Set.of(
            "by",
            "without",
            "on",
            "ignoring",
            "group_left",
            "group_right",
            "and",
            "or",
            "unless",
            "bool",
            "offset",
            "inf",
            "nan");
    private static final Set<String> GROUPING = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
    private static final Pattern TOKEN = Pattern.compile("\\s+|#.*|\"(?:[^\"\\\\]|\\\\.)*\"|\\[[^]]*]|\\$\\w+"
            + "|[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9][0-9.a-zA-Z]*|=~|!~|!=|==|<=|>=|[-+*/%^(){},=<>@.]");

    private final Metrics metrics;
    private final List<String> tokens;
    private final List<String> missing = new ArrayList<>();
    private final Set<String> named;
    private int at;

    private PromQl(String query, Metrics metrics) {
        this.metrics = metrics;
        this.tokens = tokens(query);
        this.named = tokens.stream().filter(token -> !samples(token).isEmpty()).collect(Collectors.toSet());
    }

    /** What the query names and the service does not have, in words; empty when it has everything. */
    public static List<String> missing(String query, Metrics metrics) {
        var read = new PromQl(query, metrics);
        read.check();
        return read.missing;
    }

    private void check() {
        var selectors = 0;
        while (at < tokens.size()) {
            var token = tokens.get(at++);
            if (GROUPING.contains(token)) {
                checkGrouping();
            } else if (isName(token) && !WORDS.contains(token) && !isCall()) {
                selectors++;
                checkSelector(token);
            }
        }
        if (selectors == 0) {
            missing.add("no metric at all");
        }
    }

    /** Of a function, or of an aggregation, whose grouping may stand before what is aggregated. */
    private boolean isCall() {
        return at < tokens.size() && (tokens.get(at).equals("(") || GROUPING.contains(tokens.get(at)));
    }

    private void checkSelector(String metric) {
        var samples = samples(metric);
        if (samples.isEmpty()) {
            missing.add("metric " + metric);
        }
        if (at < tokens.size() && tokens.get(at).equals("{")) {
            at++;
            while (!tokens.get(at).equals("}")) {
                if (tokens.get(at).equals(",")) {
                    at++;
                } else {
                    checkMatcher(metric, samples, tokens.get(at), tokens.get(at + 1), tokens.get(at + 2));
                    at += 3;
                }
            }
        }
    }

    private void checkMatcher(
            String metric, List<Metrics.Sample> samples, String label, String operator, String quoted) {
        var value = quoted.substring(1, quoted.length() - 1);
        Predicate<String> fits = operator.endsWith("~") ? Pattern.compile(value).asMatchPredicate() : value::equals;
        var values = samples.stream()
                .filter(sample -> sample.labels().containsKey(label))
                .map(sample -> sample.labels().get(label))
                .toList();
        if (values.isEmpty()) {
            missing.add("label " + label + " of " + metric);
        } else if (!value.startsWith("$") && values.stream().noneMatch(fits)) {
            missing.add("value " + value + " of label " + label + " of " + metric);
        }
    }

    private void checkGrouping() {
        if (at < tokens.size() && tokens.get(at).equals("(")) {
            for (at++; !tokens.get(at).equals(")"); at++) {
                var label = tokens.get(at);
                if (!label.equals(",") && named.stream().noneMatch(metric -> hasLabel(metric, label))) {
                    missing.add("label " + label + " to group by");
                }
            }
            at++;
        }
    }

    private boolean hasLabel(String metric, String label) {
        return samples(metric).stream().anyMatch(sample -> sample.labels().containsKey(label));
    }

    private List<Metrics.Sample> samples(String metric) {
        return metrics.matching(metric);
    }

    private static boolean isName(String token) {
        return Character.isLetter(token.charAt(0)) || token.charAt(0) == '_';
    }

    private static List<String> tokens(String query) {
        var tokens = new ArrayList<String>();
        Matcher matcher = TOKEN.matcher(query);
        var end = 0;
        while (matcher.find()) {
            if (matcher.start() != end) {
                throw new IllegalArgumentException("can't be read at " + end + ": " + query);
            }
            end = matcher.end();
            var token = matcher.group();
            if (!token.isBlank() && !token.startsWith("#") && !token.startsWith("[")) {
                tokens.add(token);
            }
        }
        if (end != query.length()) {
            throw new IllegalArgumentException("can't be read at " + end + ": " + query);
        }
        return tokens;
    }
}
