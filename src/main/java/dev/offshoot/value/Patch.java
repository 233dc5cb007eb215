package dev.offshoot.value;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The part of a partial update that concerns one attribute: either absent, or a new value, where null clears the
 * attribute.
 *
 * @param given whether the update contains the attribute
 */
public record Patch<T>(boolean given, @Nullable T value) {
    /** The message of a constraint on an attribute that can't be cleared. */
    public static final String NOT_NULL = "must not be null";

    public static <T> Patch<T> none() {
        return new Patch<>(false, null);
    }

    public static <T> Patch<T> to(@Nullable T value) {
        return new Patch<>(true, value);
    }

    /** A patch of an attribute that can't be cleared: null leaves it unchanged. */
    public static <T> Patch<T> ofNullable(@Nullable T value) {
        return value == null ? none() : to(value);
    }

    /** Converts the value; null stays null. */
    public <U> Patch<U> map(Function<T, U> form) {
        return new Patch<>(given, value == null ? null : form.apply(value));
    }

    public @Nullable T orElse(@Nullable T current) {
        return given ? value : current;
    }
}
