package dev.offshoot.value;

import dev.offshoot.failure.Problem;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A value read from outside, or what is wrong with it.
 *
 * @param <T> the type of the good value
 */
public sealed interface Parsed<T> {

    record Good<T>(T value) implements Parsed<T> {}

    record Bad<T>(Problem problem) implements Parsed<T> {}

    /** The good value, or nothing after the problem was told to the listener. */
    default Optional<T> orTell(Consumer<Problem> listener) {
        if (this instanceof Good<T> good) {
            return Optional.of(good.value());
        }
        listener.accept(((Bad<T>) this).problem());
        return Optional.empty();
    }

    /** The same value in another form; what is wrong with it stays wrong. */
    default <U> Parsed<U> map(Function<T, U> form) {
        return this instanceof Good<T> good
                ? new Good<>(form.apply(good.value()))
                : new Bad<>(((Bad<T>) this).problem());
    }

    static <T> Parsed<T> good(T value) {
        return new Good<>(value);
    }

    static <T> Parsed<T> malformed(Problem.Form form) {
        return new Bad<>(new Problem.Malformed(form));
    }
}
