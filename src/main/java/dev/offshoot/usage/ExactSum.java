package dev.offshoot.usage;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Adds figures up exactly, however many and however large, and only then puts the sum inside of its bounds. */
final class ExactSum {
    private BigInteger sum = BigInteger.ZERO;

    void add(@Nullable Long figure) {
        if (figure != null) {
            sum = sum.add(BigInteger.valueOf(figure));
        }
    }

    long within(long least, long most) {
        return sum.max(BigInteger.valueOf(least)).min(BigInteger.valueOf(most)).longValueExact();
    }
}
