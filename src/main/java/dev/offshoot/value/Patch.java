package dev.offshoot.value;

import org.jspecify.annotations.Nullable;

/**
 * What a partial update says of one attribute: nothing, or a new value; null where the attribute is to be cleared.
 *
 * @param given whether it is said at all
 */
public record Patch<T>(boolean given, @Nullable T value) {

    public static <T> Patch<T> none() {
        return new Patch<>(false, null);
    }

    public static <T> Patch<T> to(@Nullable T value) {
        return new Patch<>(true, value);
    }

    public @Nullable T orElse(@Nullable T current) {
        return given ? value : current;
    }
}
