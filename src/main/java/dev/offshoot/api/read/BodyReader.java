package dev.offshoot.api.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Problem;
import dev.offshoot.failure.Problem.JsonType;
import dev.offshoot.failure.Violation;
import dev.offshoot.value.Parsed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a JSON object strictly, each as exactly its type. Each reading goes on after a violation, and
 * {@link #finish} names them all, with the fields that nobody read.
 */
public final class BodyReader {
    /** An answer names no more violations than this. */
    private static final int MAX_VIOLATIONS = 100;

    private static final int MAX_ECHOED_NAME = 64;

    private final ObjectNode object;
    private final String path;
    private final List<Violation> violations;
    private final Set<String> known = new HashSet<>();

    private BodyReader(ObjectNode object, String path, List<Violation> violations) {
        this.object = object;
        this.path = path;
        this.violations = violations;
    }

    /** Fails with {@link Failure.MalformedBody}. */
    public static BodyReader of(byte[] body) {
        return new BodyReader(StrictJson.read(body), "", new ArrayList<>());
    }

    /**
     * Reads a body that is a list of objects, unknown fields ignored.
     *
     * @param name what violations call the list
     */
    public static <T> List<T> readArray(
            byte[] body, String name, int least, int most, Function<BodyReader, Optional<T>> readEntry) {
        var wrapper = StrictJson.wrap(name, StrictJson.readArray(body));
        var fields = new BodyReader(wrapper, "", new ArrayList<>());
        var entries = fields.requiredObjects(name, least, most, readEntry);
        return fields.finishLeniently(() -> entries);
    }

    public boolean isEmpty() {
        return object.isEmpty();
    }

    /** Whether the field is there, even as null. */
    public boolean has(String name) {
        return object.has(name);
    }

    /** Whether the field is there with a value that is not null. */
    public boolean given(String name) {
        return object.hasNonNull(name);
    }

    public <T> Optional<T> requiredText(String name, Function<String, Parsed<T>> parse) {
        return required(name).flatMap(node -> text(name, node, parse));
    }

    /** A null is an absent field. */
    public <T> Optional<T> optionalText(String name, Function<String, Parsed<T>> parse) {
        return present(name).flatMap(node -> text(name, node, parse));
    }

    /** Where null is no value, but absence is none either. */
    public <T> Optional<T> textIfGiven(String name, Function<String, Parsed<T>> parse) {
        if (has(name) && object.get(name).isNull()) {
            known.add(name);
            return refuse(name, Problem.Bare.NULL);
        }
        return optionalText(name, parse);
    }

    public boolean optionalFlag(String name) {
        return present(name)
                .flatMap(node -> ofType(name, node, JsonType.BOOLEAN, node.isBoolean()))
                .map(JsonNode::booleanValue)
                .orElse(false);
    }

    public @Nullable Long optionalInteger(String name, long least, long most) {
        return present(name)
                .flatMap(node -> ofType(name, node, JsonType.INTEGER, node.isIntegralNumber()))
                .flatMap(node -> inside(name, node, least, most))
                .orElse(null);
    }

    /** The entries of a list of texts, each in the function's form. */
    public <T> Optional<List<T>> requiredTexts(String name, int least, int most, Function<String, Parsed<T>> parse) {
        var list = required(name).flatMap(node -> ofType(name, node, JsonType.LIST, node.isArray()));
        if (list.isPresent() && (list.get().size() < least || list.get().size() > most)) {
            return refuse(name, new Problem.WrongSize(least, most));
        }
        return list.map(node -> {
            var texts = new ArrayList<T>();
            node.forEach(entry -> text(name, entry, parse).ifPresent(texts::add));
            return texts;
        });
    }

    /** The entries of a list of objects, each read by the function, which gives nothing where it told a violation. */
    public <T> List<T> requiredObjects(String name, int least, int most, Function<BodyReader, Optional<T>> readEntry) {
        var list = required(name).flatMap(node -> ofType(name, node, JsonType.LIST, node.isArray()));
        if (list.isEmpty()) {
            return List.of();
        }
        if (list.get().size() < least || list.get().size() > most) {
            refuse(name, new Problem.WrongSize(least, most));
            return List.of();
        }
        var read = new ArrayList<T>();
        for (var i = 0; i < list.get().size(); i++) {
            entry(name + "[" + i + "]", list.get().get(i)).flatMap(readEntry).ifPresent(read::add);
        }
        return read;
    }

    /** The field exists and can't be set by this call. */
    public void readOnly(String... names) {
        for (var name : names) {
            known.add(name);
            if (has(name)) {
                refuse(name, Problem.Bare.READ_ONLY);
            }
        }
    }

    public <T> Optional<T> refuse(String name, Problem problem) {
        if (violations.size() < MAX_VIOLATIONS) {
            violations.add(new Violation(path + echo(name), problem));
        }
        return Optional.empty();
    }

    /** What the fields make, once all were read; fails with every violation, the unknown fields' too. */
    public <T> T finish(Supplier<T> result) {
        refuseUnknown();
        failIfAnyViolation();
        return result.get();
    }

    /** As {@link #finish} for an API that ignores fields it does not know. */
    public <T> T finishLeniently(Supplier<T> result) {
        failIfAnyViolation();
        return result.get();
    }

    /** As {@link #finish} for one entry of a list: its violations are its list's. */
    public <T> Optional<T> finishEntry(Supplier<T> result) {
        refuseUnknown();
        return violations.isEmpty() ? Optional.of(result.get()) : Optional.empty();
    }

    private void failIfAnyViolation() {
        if (!violations.isEmpty()) {
            throw new Failure.Invalid(Failure.Source.BODY, violations).asException();
        }
    }

    private void refuseUnknown() {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                refuse(name, Problem.Bare.UNKNOWN);
            }
        });
    }

    private Optional<JsonNode> present(String name) {
        known.add(name);
        return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
    }

    private Optional<JsonNode> required(String name) {
        var node = present(name);
        return node.isPresent() ? node : refuse(name, Problem.Bare.MISSING);
    }

    private <T> Optional<T> text(String name, JsonNode node, Function<String, Parsed<T>> parse) {
        return ofType(name, node, JsonType.TEXT, node.isTextual())
                .flatMap(text -> parse.apply(text.textValue()).orTell(problem -> refuse(name, problem)));
    }

    private Optional<Long> inside(String name, JsonNode node, long least, long most) {
        var fits = node.canConvertToLong() && node.longValue() >= least && node.longValue() <= most;
        return fits ? Optional.of(node.longValue()) : refuse(name, new Problem.OutOfRange(least, most));
    }

    private Optional<BodyReader> entry(String name, JsonNode node) {
        return node instanceof ObjectNode entry
                ? Optional.of(new BodyReader(entry, path + name + ".", violations))
                : refuse(name, new Problem.WrongType(JsonType.OBJECT));
    }

    private Optional<JsonNode> ofType(String name, JsonNode node, JsonType expected, boolean matches) {
        return matches ? Optional.of(node) : refuse(name, new Problem.WrongType(expected));
    }

    /** A field's name as it may stand in an answer: the client chose it. */
    private static String echo(String name) {
        var harmless = !name.isEmpty()
                && name.length() <= MAX_ECHOED_NAME
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return harmless ? name : "(unprintable)";
    }
}
