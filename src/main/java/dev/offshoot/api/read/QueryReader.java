package dev.offshoot.api.read;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Violation;
import dev.offshoot.value.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads query parameters strictly: none twice, none empty, integers as {@code 0|[1-9][0-9]*} inside their bounds,
 * booleans as {@code true} or {@code false}. Each reading goes on after a violation; {@link #check} names them all.
 */
public final class QueryReader {
    private static final Pattern INTEGER = Pattern.compile("0|[1-9][0-9]{0,9}");

    private final Map<String, List<String>> parameters;
    private final List<Violation> violations = new ArrayList<>();

    private QueryReader(Map<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    public static QueryReader of(Query query) {
        return new QueryReader(query.values());
    }

    public boolean has(String name) {
        return parameters.containsKey(name);
    }

    public int integer(String name, int least, int most, int otherwise) {
        return read(name, raw -> integer(raw, least, most)).orElse(otherwise);
    }

    public boolean flag(String name) {
        return flag(name, false);
    }

    public boolean flag(String name, boolean otherwise) {
        return read(name, QueryReader::flagOf).orElse(otherwise);
    }

    /** A parameter whose emptiness means the same as its absence. */
    public Optional<String> text(String name) {
        var isEmpty = List.of("").equals(parameters.get(name));
        return isEmpty ? Optional.empty() : read(name, Parsed::good);
    }

    /** A parameter with few values: what it stands for, if it is there. */
    public <T> Optional<T> choice(String name, Map<String, T> values, String rule) {
        return read(name, raw -> Parsed.of(Optional.ofNullable(values.get(raw)), rule));
    }

    /** The parameter in a form of its own, if it is there. */
    public <T> Optional<T> read(String name, Function<String, Parsed<T>> parse) {
        var values = parameters.get(name);
        if (values == null) {
            return Optional.empty();
        }
        if (values.size() > 1) {
            return refuse(Violation.repeated(name));
        }
        if (values.get(0).isEmpty()) {
            return refuse(Violation.of(name, "must not be empty"));
        }
        var parsed = parse.apply(values.get(0));
        if (parsed instanceof Parsed.Bad<T> bad) {
            violations.add(bad.of(name));
        }
        return parsed.toOptional();
    }

    /** Notes that a parameter breaks a rule. */
    public <T> Optional<T> refuse(Violation violation) {
        violations.add(violation);
        return Optional.empty();
    }

    /** Fails with every violation so far, if there is one. */
    public void check() {
        if (!violations.isEmpty()) {
            throw new Failure.Invalid(Failure.Source.QUERY, violations).asException();
        }
    }

    private static Parsed<Integer> integer(String raw, int least, int most) {
        if (!INTEGER.matcher(raw).matches()) {
            return Parsed.bad("must be an integer");
        }
        var number = Long.parseLong(raw);
        return number >= least && number <= most
                ? Parsed.good((int) number)
                : Parsed.bad("must be between " + least + " and " + most);
    }

    private static Parsed<Boolean> flagOf(String raw) {
        return raw.equals("true") || raw.equals("false")
                ? Parsed.good(raw.equals("true"))
                : Parsed.bad("must be true or false");
    }
}
