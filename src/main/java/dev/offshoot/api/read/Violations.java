package dev.offshoot.api.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.DeserializationContext;
import dev.offshoot.failure.Violation;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;

/** What was found wrong with a body while it was bound to its request, in the body's order. */
final class Violations {
    /** What is wrong behind these is not looked for: an answer names a tenth of them. */
    static final int MOST_WHILE_READING = 1000;

    private static final int MAX_ECHOED_NAME = 64;

    private final String root;
    private final Set<Violation> found = new LinkedHashSet<>();
    private final Set<String> fields = new HashSet<>();
    private final Set<String> objects = new HashSet<>();

    /** @param root what a body that is a list is called, empty for an object */
    Violations(String root) {
        this.root = root;
    }

    /** Those of the reading that is under way. */
    static Violations of(DeserializationContext reading) {
        return (Violations) reading.getAttribute(Violations.class);
    }

    /** Adds a violation, if it was not found before. */
    void add(Violation violation) {
        found.add(violation);
        var field = violation.field();
        fields.add(field);
        for (var end = field.indexOf('.'); end >= 0; end = field.indexOf('.', end + 1)) {
            objects.add(field.substring(0, end));
        }
    }

    /** Adds what is wrong with the value that begins here, unless {@link #isFull}. */
    void note(JsonParser parser, boolean withIndex, Function<String, Violation> wrong) {
        if (!isFull()) {
            add(wrong.apply(path(parser, withIndex)));
        }
    }

    /** Whether so much is wrong already that the rest is not looked at. */
    boolean isFull() {
        return found.size() >= MOST_WHILE_READING;
    }

    /** Whether the body is to be a list. */
    boolean isList() {
        return !root.isEmpty();
    }

    Set<Violation> all() {
        return found;
    }

    /** Whether something is wrong with that very field. */
    boolean hasField(String field) {
        return fields.contains(field);
    }

    /** Whether something is wrong with a field of the object at that path, which is empty for the whole body. */
    boolean hasFieldOf(String object) {
        return object.isEmpty() ? !found.isEmpty() : objects.contains(object);
    }

    /** The path to the value that begins here: {@code name}, {@code list[0].name}, or {@code list} for a text in a list. */
    private String path(JsonParser parser, boolean withIndex) {
        var context = parser.getParsingContext();
        var isInside = parser.currentToken() != null && parser.currentToken().isStructStart();
        var here = isInside ? context.getParent() : context;
        return here.inArray() && !withIndex ? path(here.getParent()) : path(here);
    }

    /** The path to a field of the object that was just read to its end. */
    String path(JsonStreamContext parent, String name) {
        var object = path(parent);
        return object.isEmpty() ? echo(name) : object + "." + echo(name);
    }

    private String path(JsonStreamContext here) {
        if (here.inRoot()) {
            return root;
        }
        var parent = path(here.getParent());
        if (here.inArray()) {
            return parent + "[" + here.getCurrentIndex() + "]";
        }
        var name = echo(String.valueOf(here.getCurrentName()));
        return parent.isEmpty() ? name : parent + "." + name;
    }

    /** A field's name as an answer may repeat it: the client chose it. */
    private static String echo(String name) {
        var harmless = !name.isEmpty()
                && name.length() <= MAX_ECHOED_NAME
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return harmless ? name : "(unprintable)";
    }
}
