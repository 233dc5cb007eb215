package dev.offshoot.organisation;

import org.jspecify.annotations.Nullable;

/**
 * What a partial update says of one attribute: nothing, or a new value; null where the attribute is to be cleared.
 *
 * @param given whether it is said at all
 */
public record Change<T>(boolean given, @Nullable T value) {

    public static <T> Change<T> none() {
        return new Change<>(false, null);
    }

    public static <T> Change<T> to(@Nullable T value) {
        return new Change<>(true, value);
    }

    public @Nullable T orElse(@Nullable T current) {
        return given ? value : current;
    }
}
