package dev.offshoot.api.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.DeserializationContext;
import dev.offshoot.failure.Violation;
import java.util.ArrayList;
import java.util.List;

/** What was found wrong with a body while it was bound to its request. */
final class Violations {
    private static final int MAX_ECHOED_NAME = 64;

    private final String root;
    private final List<Violation> found = new ArrayList<>();

    /** @param root what a body that is a list is called, empty for an object */
    Violations(String root) {
        this.root = root;
    }

    /** Those of the reading that is under way. */
    static Violations of(DeserializationContext reading) {
        return (Violations) reading.getAttribute(Violations.class);
    }

    /** Adds a violation that was not found before. */
    void add(Violation violation) {
        if (!found.contains(violation)) {
            found.add(violation);
        }
    }

    /** Whether the body is to be a list. */
    boolean isList() {
        return !root.isEmpty();
    }

    List<Violation> all() {
        return found;
    }

    /** Whether something is wrong with that very field. */
    boolean hasField(String field) {
        return found.stream().anyMatch(violation -> violation.field().equals(field));
    }

    /** Whether something is wrong with a field of the object at that path, which is empty for the whole body. */
    boolean hasFieldOf(String object) {
        return object.isEmpty()
                ? !found.isEmpty()
                : found.stream().anyMatch(violation -> violation.field().startsWith(object + "."));
    }

    /** The path to the value that begins here: {@code name}, {@code list[0].name}, or {@code list} for a text in a list. */
    String path(JsonParser parser, boolean withIndex) {
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
