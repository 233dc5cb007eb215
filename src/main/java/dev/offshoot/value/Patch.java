package dev.offshoot.value;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a partial update says of one attribute: nothing, or a new value; null where the attribute is to be cleared.
 *
 * @param given whether it says anything
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

    /** For an attribute that can't be cleared: null says nothing. */
    public static <T> Patch<T> ofNullable(@Nullable T value) {
        return value == null ? none() : to(value);
    }

    /** The same in another form; a null stays one. */
    public <U> Patch<U> map(Function<T, U> form) {
        return new Patch<>(given, value == null ? null : form.apply(value));
    }

    public @Nullable T orElse(@Nullable T current) {
        return given ? value : current;
    }
}
