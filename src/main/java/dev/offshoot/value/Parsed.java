package dev.offshoot.value;

import dev.offshoot.failure.Violation;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * A value read from text, or the rule that the text breaks.
 *
 * @param <T> the type of the value
 */
public sealed interface Parsed<T> {

    record Good<T>(T value) implements Parsed<T> {}

    /**
     * The rule that the text breaks.
     *
     * @param rule the rest of a sentence that begins with the field's name
     */
    record Bad<T>(Violation.Kind kind, String rule) implements Parsed<T> {
        public Violation of(String field) {
            return new Violation(field, kind, rule);
        }
    }

    /** The value; nothing for a text that breaks the rule. */
    default Optional<T> toOptional() {
        return this instanceof Good<T> good ? Optional.of(good.value()) : Optional.empty();
    }

    /** The same value in another form. */
    default <U> Parsed<U> map(Function<T, U> form) {
        return this instanceof Good<T> good
                ? new Good<>(form.apply(good.value()))
                : new Bad<>(((Bad<T>) this).kind(), ((Bad<T>) this).rule());
    }

    static <T> Parsed<T> good(T value) {
        return new Good<>(value);
    }

    static <T> Parsed<T> bad(String rule) {
        return new Bad<>(Violation.Kind.OTHER, rule);
    }

    /** The value if there is one. */
    static <T> Parsed<T> of(Optional<T> value, String rule) {
        return value.<Parsed<T>>map(Good::new).orElseGet(() -> bad(rule));
    }

    /** The one of the values that is written so. */
    static <T> Parsed<T> choice(T[] values, Function<T, String> text, String raw, String rule) {
        return Arrays.stream(values)
                .filter(value -> text.apply(value).equals(raw))
                .findFirst()
                .map(Parsed::good)
                .orElseGet(() -> new Bad<>(Violation.Kind.UNKNOWN_CHOICE, rule));
    }
}
