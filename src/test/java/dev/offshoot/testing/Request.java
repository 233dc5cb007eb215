package dev.offshoot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.offshoot.testing.Http.Answer;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that a test makes up: what it writes is sent, and nothing is added but what the protocol needs. */
public final class Request {
    /** A field of the head. */
    public record Field(String name, String value) {}

    private final String base;
    private final String method;
    private final String target;
    private final List<Field> fields = new ArrayList<>();
    private @Nullable Object body;

    Request(String base, String method, String target) {
        this.base = base;
        this.method = method;
        this.target = target;
    }

    /** Adds the field, even to another of that name. */
    public Request header(String name, String value) {
        fields.add(new Field(name, value));
        return this;
    }

    /** Adds fields, each a name and the value behind it. */
    public Request headers(String... namesAndValues) {
        for (var i = 0; i < namesAndValues.length; i += 2) {
            header(namesAndValues[i], namesAndValues[i + 1]);
        }
        return this;
    }

    /** Sets the field in the place of all others of that name. */
    public Request setHeader(String name, String value) {
        fields.removeIf(field -> field.name().equalsIgnoreCase(name));
        return header(name, value);
    }

    public Request body(String text) {
        return body(text.getBytes(UTF_8));
    }

    public Request body(byte[] bytes) {
        body = bytes;
        return this;
    }

    /** A body whose length is not declared. */
    public Request chunkedBody(byte[] bytes) {
        body = new ByteArrayInputStream(bytes);
        return this;
    }

    public Answer send() {
        return Exchange.of(this);
    }

    String method() {
        return method;
    }

    String url() {
        return base + target;
    }

    String target() {
        return target;
    }

    List<Field> fields() {
        return List.copyOf(fields);
    }

    @Nullable
    Object body() {
        return body;
    }
}
