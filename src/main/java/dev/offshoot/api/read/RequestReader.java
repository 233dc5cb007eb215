package dev.offshoot.api.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Failure.MalformedBody.Reason;
import dev.offshoot.failure.Violation;
import dev.offshoot.value.Parsed;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads bodies as requests: JSON (RFC 8259) in UTF-8, bound to a record and validated by its constraints, strictly. A
 * request that breaks rules fails with all of them at once: wrong types and unknown fields as well as broken constraints,
 * in the order of the record's components. The reading stops looking at {@value Violations#MOST_WHILE_READING}, and takes the
 * first {@value StrictTypes#MOST_ENTRIES} entries of a list, more than any call allows.
 */
public abstract class RequestReader {
    /** An answer names no more violations than this. */
    private static final int MAX_VIOLATIONS = 100;

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final Pattern FIRST_NAME = Pattern.compile("[^.\\[]+");
    private static final Pattern FIRST_INDEX = Pattern.compile("\\[([0-9]{1,9})]");

    /** A parser may pass it over (RFC 8259, section 8.1). */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Validator validator;
    private final ObjectMapper json;
    private final PropertyNamingStrategies.NamingBase names;

    protected RequestReader(Builder builder) {
        this.validator = builder.validator;
        this.names = builder.names;
        // The names of a body's fields are not kept for the next: they are the client's, and may be long.
        this.json = JsonMapper.builder(JsonFactory.builder()
                        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(MAX_DEPTH)
                                .maxNumberLength(MAX_NUMBER_LENGTH)
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .disable(DeserializationFeature.WRAP_EXCEPTIONS)
                .propertyNamingStrategy(builder.names)
                .addHandler(new UnknownFields())
                .addModule(builder.types)
                .build();
    }

    /** A reader for an API whose fields are written in camel case. */
    protected static Builder camelCase(Validator validator) {
        return new Builder(validator, new CamelCase());
    }

    /** A reader for an API whose fields are written in snake case. */
    protected static Builder snakeCase(Validator validator) {
        return new Builder(validator, new PropertyNamingStrategies.SnakeCaseStrategy());
    }

    /** How the fields of an API are written, and which types of its own they have. */
    public static final class Builder {
        private final Validator validator;
        private final PropertyNamingStrategies.NamingBase names;
        private final StrictTypes types = new StrictTypes();

        private Builder(Validator validator, PropertyNamingStrategies.NamingBase names) {
            this.validator = validator;
            this.names = names;
        }

        /** A further type that is written as a text. */
        public <T> Builder text(Class<T> type, Function<String, Parsed<T>> parse) {
            types.text(type, parse);
            return this;
        }
    }

    /** Fails with {@link Failure.MalformedBody}, or with {@link Failure.Invalid} and every violation. */
    public <T> T read(byte[] body, Class<T> type) {
        return read(body, type, request -> List.of());
    }

    /**
     * As {@link #read(byte[], Class)} with rules that depend on more than the request.
     *
     * @param check gives what breaks them
     */
    public <T> T read(byte[] body, Class<T> type, Function<T, List<Violation>> check) {
        var violations = new Violations("");
        T request = bind(body, json.constructType(type), violations);
        return validated(request, violations, check);
    }

    /**
     * As {@link #read(byte[], Class)} for a body that is a list.
     *
     * @param name what violations call the list
     * @param request makes the request, a record whose one component has that name
     */
    public <E, T> T readList(byte[] body, Class<E> entry, String name, Function<List<E>, T> request) {
        var violations = new Violations(name);
        List<E> entries = bind(body, json.getTypeFactory().constructCollectionType(List.class, entry), violations);
        return validated(request.apply(entries), violations, valid -> List.of());
    }

    private <T> T validated(T request, Violations violations, Function<T, List<Violation>> check) {
        if (violations.isFull()) {
            throw invalid(request.getClass(), violations.all());
        }
        var broken = validator.validate(request);
        if (!broken.isEmpty()) {
            broken.stream()
                    .map(constraint -> violation(constraint, violations))
                    .flatMap(Optional::stream)
                    .toList()
                    .forEach(violations::add);
        }
        var more = check.apply(request);
        if (!more.isEmpty()) {
            more.stream()
                    .filter(violation -> !violations.hasField(violation.field()))
                    .toList()
                    .forEach(violations::add);
        }
        if (!violations.all().isEmpty()) {
            throw invalid(request.getClass(), violations.all());
        }
        return request;
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // the type is that of the other parameter
    private <T> T bind(byte[] body, JavaType type, Violations violations) {
        try (var parser = json.createParser(text(body))) {
            requireShape(parser, violations);
            T request = json.readerFor(type)
                    .withAttribute(Violations.class, violations)
                    .readValue(parser);
            if (parser.nextToken() != null) {
                throw malformed(Reason.NOT_JSON);
            }
            return request;
        } catch (StreamConstraintsException tooMuch) {
            throw malformed(Reason.TOO_DEEP);
        } catch (JsonProcessingException unreadable) {
            throw malformed(isDuplicate(unreadable) ? Reason.DUPLICATE_KEY : Reason.NOT_JSON);
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory", impossible);
        }
    }

    /** Where the parser finds something else than it should, the rest has to be JSON all the same. */
    private static void requireShape(JsonParser parser, Violations violations) throws IOException {
        var isList = violations.isList();
        if (parser.nextToken() == (isList ? JsonToken.START_ARRAY : JsonToken.START_OBJECT)) {
            return;
        }
        parser.skipChildren();
        if (parser.nextToken() != null) {
            throw malformed(Reason.NOT_JSON);
        }
        throw malformed(isList ? Reason.NOT_A_LIST : Reason.NOT_AN_OBJECT);
    }

    private static String text(byte[] body) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            var content = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
            if (content.isBlank()) {
                throw malformed(Reason.EMPTY);
            }
            return content;
        } catch (CharacterCodingException notUtf8) {
            throw malformed(Reason.NOT_JSON);
        }
    }

    /**
     * The broken constraint as a violation; nothing where the field was violated before, or where the constraint is on a
     * whole object of which a field was: what could not be read is not judged again.
     */
    private Optional<Violation> violation(ConstraintViolation<?> broken, Violations before) {
        var field = field(broken.getPropertyPath());
        var isOfObject = broken.getInvalidValue() == broken.getLeafBean();
        var object = field.contains(".") ? field.substring(0, field.lastIndexOf('.')) : "";
        var isKnown = before.hasField(field) || (isOfObject && before.hasFieldOf(object));
        return isKnown
                ? Optional.empty()
                : Optional.of(Violation.of(field.isEmpty() ? "body" : field, broken.getMessage()));
    }

    /** The path as the client knows it. */
    private String field(Path path) {
        var field = new StringBuilder();
        for (var node : path) {
            if (node.getIndex() != null) {
                field.append('[').append(node.getIndex()).append(']');
            }
            if (node.getKind() == ElementKind.PROPERTY) {
                field.append(field.isEmpty() ? "" : ".").append(names.translate(node.getName()));
            }
        }
        return field.toString();
    }

    private RuntimeException invalid(Class<?> type, Collection<Violation> violations) {
        var order = json.getDeserializationConfig().introspect(json.constructType(type)).findProperties().stream()
                .map(BeanPropertyDefinition::getName)
                .toList();
        var sorted = violations.stream()
                .map(violation -> new Placed(violation, position(order, violation), entry(violation)))
                .sorted(Comparator.comparingInt(Placed::position).thenComparingInt(Placed::entry))
                .limit(MAX_VIOLATIONS)
                .map(Placed::violation)
                .toList();
        return new Failure.Invalid(Failure.Source.BODY, sorted).asException();
    }

    /** Where a violation stands in an answer. */
    private record Placed(Violation violation, int position, int entry) {}

    private static int position(List<String> order, Violation violation) {
        var name = FIRST_NAME.matcher(violation.field());
        var position = name.lookingAt() ? order.indexOf(name.group()) : -1;
        return position < 0 ? order.size() : position;
    }

    /** The index of the list's entry that it is about, if any. An unknown field's name may hold brackets of its own. */
    private static int entry(Violation violation) {
        var index = FIRST_INDEX.matcher(violation.field());
        return index.find() ? Integer.parseInt(index.group(1)) : -1;
    }

    /** The parser has no type of its own for this. */
    private static boolean isDuplicate(JsonProcessingException unreadable) {
        return unreadable instanceof JsonParseException
                && unreadable.getOriginalMessage().startsWith("Duplicate field");
    }

    /** Notes unknown fields, and reads on behind them. */
    private static final class UnknownFields extends DeserializationProblemHandler {
        @Override
        public boolean handleUnknownProperty(
                DeserializationContext reading,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object beanOrClass,
                String name)
                throws IOException {
            var violations = Violations.of(reading);
            if (!violations.isFull()) {
                var type = beanOrClass instanceof Class<?> given ? given : beanOrClass.getClass();
                var readOnly = type.getAnnotation(ReadOnlyFields.class);
                var isReadOnly = readOnly != null && List.of(readOnly.value()).contains(name);
                var field = violations.path(objectOf(reading, parser), name);
                violations.add(Violation.of(field, isReadOnly ? "can't be changed" : "is not a field of this call"));
            }
            parser.skipChildren();
            return true;
        }

        /**
         * The object that the field is in. Fields before a record's last are kept aside until the record is made, and come
         * from a parser of their own, while that of the body is at the next field or behind the object.
         */
        private static JsonStreamContext objectOf(DeserializationContext reading, JsonParser parser) {
            var body = reading.getParser();
            var here = body.getParsingContext();
            if (parser == body) {
                return body.currentToken().isStructStart() ? here.getParent().getParent() : here.getParent();
            }
            return body.hasToken(JsonToken.END_OBJECT) ? here : here.getParent();
        }
    }

    private static final class CamelCase extends PropertyNamingStrategies.NamingBase {
        private static final long serialVersionUID = 1;

        @Override
        public String translate(String name) {
            return name;
        }
    }

    private static RuntimeException malformed(Reason reason) {
        return new Failure.MalformedBody(reason).asException();
    }
}
