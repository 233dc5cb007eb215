package dev.offshoot.api.read;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.CollectionType;
import dev.offshoot.failure.Violation;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.EmailAddress;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.Identifier;
import dev.offshoot.value.OrgId;
import dev.offshoot.value.Parsed;
import dev.offshoot.value.Patch;
import dev.offshoot.value.Reason;
import dev.offshoot.value.Rfc3339;
import dev.offshoot.value.WebUrl;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads each field as exactly its type, without coercion. A value of another type, or one that breaks its type's rule, is
 * noted as a violation and read as null, so that the reading goes on.
 */
final class StrictTypes extends SimpleModule {
    /** One more than a list may have in any call: further entries change nothing of the answer and are not read. */
    static final int MOST_ENTRIES = 1001;

    private static final long serialVersionUID = 1;

    StrictTypes() {
        scalar(String.class, JsonToken.VALUE_STRING, "must be a string", Parsed::good);
        text(DisplayName.class, DisplayName::parse);
        text(ExternalId.class, ExternalId::parse);
        text(Identifier.class, Identifier::parse);
        text(EmailAddress.class, EmailAddress::parse);
        text(WebUrl.class, WebUrl::parse);
        text(Reason.class, Reason::parse);
        text(Instant.class, Rfc3339::parse);
        text(AddressRange.class, raw -> Parsed.of(AddressRange.parse(raw), AddressRange.RULE));
        text(InetAddress.class, raw -> Parsed.of(AddressRange.parseAddress(raw), AddressRange.ADDRESS_RULE));
        // A malformed id is one that no organisation has.
        text(OrgId.class, raw -> Parsed.good(OrgId.of(raw)));
        addDeserializer(Boolean.class, new StrictBoolean());
        addDeserializer(Long.class, new StrictInteger());
        addDeserializer(Patch.class, new PatchDeserializer(null));
        setDeserializerModifier(new Shapes());
    }

    /** A type that is written as a text, and how it is read. */
    <T> void text(Class<T> type, Function<String, Parsed<T>> parse) {
        scalar(type, JsonToken.VALUE_STRING, "must be a string", parse);
    }

    private <T> void scalar(Class<T> type, JsonToken token, String rule, Function<String, Parsed<T>> parse) {
        addDeserializer(type, new Text<>(token, rule, parse));
    }

    /** A value that is neither an object nor a list. A null in a list is a value of another type. */
    private abstract static class Scalar<T> extends JsonDeserializer<T> {
        private final String rule;

        Scalar(String rule) {
            this.rule = rule;
        }

        abstract @Nullable T read(JsonParser json, DeserializationContext reading) throws IOException;

        @Override
        public final @Nullable T deserialize(JsonParser json, DeserializationContext reading) throws IOException {
            return read(json, reading);
        }

        @Override
        public final @Nullable T getNullValue(DeserializationContext reading) {
            if (reading.getParser().getParsingContext().inArray()) {
                violate(reading, rule);
            }
            return null;
        }

        @Override
        public final @Nullable Object getAbsentValue(DeserializationContext reading) {
            return null;
        }

        final @Nullable T wrongType(JsonParser json, DeserializationContext reading) throws IOException {
            violate(reading, rule);
            json.skipChildren();
            return null;
        }

        final void violate(DeserializationContext reading, String message) {
            note(reading, message, false);
        }
    }

    private static final class Text<T> extends Scalar<T> {
        private final JsonToken token;
        private final Function<String, Parsed<T>> parse;

        Text(JsonToken token, String rule, Function<String, Parsed<T>> parse) {
            super(rule);
            this.token = token;
            this.parse = parse;
        }

        @Override
        @Nullable
        T read(JsonParser json, DeserializationContext reading) throws IOException {
            if (!json.hasToken(token)) {
                return wrongType(json, reading);
            }
            var parsed = parse.apply(json.getText());
            if (parsed instanceof Parsed.Bad<T> bad) {
                Violations.of(reading).note(json, false, bad::of);
            }
            return parsed.toOptional().orElse(null);
        }
    }

    private static final class StrictBoolean extends Scalar<Boolean> {
        StrictBoolean() {
            super("must be true or false");
        }

        @Override
        @Nullable
        Boolean read(JsonParser json, DeserializationContext reading) throws IOException {
            return json.currentToken().isBoolean() ? (Boolean) json.getBooleanValue() : wrongType(json, reading);
        }
    }

    /**
     * A number is an integer however it is written: {@code 7.34e+8} and {@code 5.0} too. One that no long can hold is read
     * as the nearest that one can: no field's bounds are so wide.
     */
    private static final class StrictInteger extends Scalar<Long> {
        private static final int MAX_DIGITS = 19;

        StrictInteger() {
            super("must be an integer");
        }

        @Override
        @Nullable
        Long read(JsonParser json, DeserializationContext reading) throws IOException {
            if (!json.currentToken().isNumeric()) {
                return wrongType(json, reading);
            }
            json.streamReadConstraints().validateFPLength(json.getTextLength());
            var written = json.getText().toLowerCase(Locale.ROOT).split("e", 2);
            var digits = new BigDecimal(written[0]).stripTrailingZeros();
            var exponent = written.length == 1 ? BigInteger.ZERO : new BigInteger(written[1]);
            if (digits.signum() == 0) {
                return 0L;
            }
            return exponent.compareTo(BigInteger.valueOf(digits.scale())) < 0
                    ? wrongType(json, reading)
                    : (Long) nearest(digits, exponent);
        }

        /** How many digits it has is known before any is written out: {@code 1e999999999} costs nothing. */
        private static long nearest(BigDecimal digits, BigInteger exponent) {
            var length = exponent.add(BigInteger.valueOf((long) digits.precision() - digits.scale()));
            if (length.compareTo(BigInteger.valueOf(MAX_DIGITS)) <= 0) {
                var written = digits.scaleByPowerOfTen(exponent.intValueExact()).toBigIntegerExact();
                if (written.bitLength() < Long.SIZE) {
                    return written.longValueExact();
                }
            }
            return digits.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** Tells absence from null. */
    private static final class PatchDeserializer extends JsonDeserializer<Patch<?>> implements ContextualDeserializer {
        private final @Nullable JsonDeserializer<Object> content;

        PatchDeserializer(@Nullable JsonDeserializer<Object> content) {
            this.content = content;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext reading, BeanProperty property)
                throws JsonMappingException {
            var type = property.getType().containedTypeOrUnknown(0);
            return new PatchDeserializer(reading.findContextualValueDeserializer(type, property));
        }

        @Override
        public Patch<?> deserialize(JsonParser json, DeserializationContext reading) throws IOException {
            var value = content == null ? null : content.deserialize(json, reading);
            return value == null ? Patch.none() : Patch.to(value);
        }

        @Override
        public Patch<?> getNullValue(DeserializationContext reading) {
            return Patch.to(null);
        }

        @Override
        public Patch<?> getAbsentValue(DeserializationContext reading) {
            return Patch.none();
        }
    }

    /** Lets nothing but an object be read as a record, and nothing but a list as a list. */
    private static final class Shapes extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1;

        @Override
        public JsonDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription description, JsonDeserializer<?> original) {
            var isText = original instanceof Scalar || original instanceof PatchDeserializer;
            return description.getBeanClass().isRecord() && !isText
                    ? new Shape(original, JsonToken.START_OBJECT, "must be an object")
                    : original;
        }

        @Override
        public JsonDeserializer<?> modifyCollectionDeserializer(
                DeserializationConfig config,
                CollectionType type,
                BeanDescription description,
                JsonDeserializer<?> original) {
            return List.class.isAssignableFrom(type.getRawClass())
                    ? new Shape(new Entries(type, null), JsonToken.START_ARRAY, "must be a list")
                    : original;
        }
    }

    private static final class Shape extends DelegatingDeserializer {
        private static final long serialVersionUID = 1;

        private final JsonToken start;
        private final String rule;

        Shape(JsonDeserializer<?> original, JsonToken start, String rule) {
            super(original);
            this.start = start;
            this.rule = rule;
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> original) {
            return new Shape(original, start, rule);
        }

        @Override
        public @Nullable Object deserialize(JsonParser json, DeserializationContext reading) throws IOException {
            if (json.hasToken(start)) {
                return super.deserialize(json, reading);
            }
            note(reading, rule, true);
            json.skipChildren();
            return null;
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext reading) {
            return null;
        }

        @Override
        public @Nullable Object getNullValue(DeserializationContext reading) {
            if (reading.getParser().getParsingContext().inArray()) {
                note(reading, rule, true);
            }
            return null;
        }
    }

    /** Reads a list up to {@link #MOST_ENTRIES}. The rest has to be JSON all the same. */
    private static final class Entries extends StdDeserializer<List<?>> implements ContextualDeserializer {
        private static final long serialVersionUID = 1;

        private final CollectionType type;
        private final transient @Nullable JsonDeserializer<Object> entry;

        Entries(CollectionType type, @Nullable JsonDeserializer<Object> entry) {
            super(type);
            this.type = type;
            this.entry = entry;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext reading, @Nullable BeanProperty property)
                throws JsonMappingException {
            return new Entries(type, reading.findContextualValueDeserializer(type.getContentType(), property));
        }

        @Override
        public List<?> deserialize(JsonParser json, DeserializationContext reading) throws IOException {
            var one = requireNonNull(entry);
            var entries = new ArrayList<@Nullable Object>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (entries.size() == MOST_ENTRIES) {
                    json.skipChildren();
                } else {
                    entries.add(
                            json.hasToken(JsonToken.VALUE_NULL)
                                    ? one.getNullValue(reading)
                                    : one.deserialize(json, reading));
                }
            }
            return entries;
        }
    }

    private static void note(DeserializationContext reading, String message, boolean withIndex) {
        Violations.of(reading).note(reading.getParser(), withIndex, field -> Violation.of(field, message));
    }
}
