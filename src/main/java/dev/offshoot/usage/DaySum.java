package dev.offshoot.usage;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/**
 * Storage levels of one day, added up over organisations, in the form in which a database adds them up: one decimal number of
 * up to 34 digits (IEEE 754 decimal128). From the left these are 22 digits for the bytes, six for how many organisations
 * recorded the day, and six for how many of them reported a level. So one sum of the database gives all three, to the unit.
 *
 * @param recorded how many organisations have a record or a count of that day
 * @param withLevel how many of them reported a level
 */
record DaySum(BigInteger bytes, long recorded, long withLevel) {
    /** With more organisations than this, the digits would no longer do. */
    static final int MOST_ORGANISATIONS = 999_999;

    private static final int DIGITS = 6;
    private static final BigInteger COUNTED = BigInteger.TEN.pow(DIGITS);

    /** The level of one organisation on a day that it has recorded; null if it reported none. */
    static Decimal128 stored(@Nullable Long bytes) {
        var level = BigInteger.valueOf(bytes == null ? 0 : bytes);
        var digits = level.multiply(COUNTED)
                .add(BigInteger.ONE)
                .multiply(COUNTED)
                .add(bytes == null ? BigInteger.ZERO : BigInteger.ONE);
        return new Decimal128(new BigDecimal(digits));
    }

    static DaySum of(Decimal128 stored) {
        return of(stored.bigDecimalValue().toBigIntegerExact());
    }

    /** Reads what is stored for an organisation, or the sum of what is stored for many. */
    static DaySum of(BigInteger sum) {
        var left = sum.divideAndRemainder(COUNTED);
        var upper = left[0].divideAndRemainder(COUNTED);
        return new DaySum(upper[0], upper[1].longValueExact(), left[1].longValueExact());
    }

    boolean isRecorded() {
        return recorded > 0;
    }

    DailyUsage usage(LocalDate day, BigInteger apiRequests) {
        return new DailyUsage(day, apiRequests, withLevel > 0 ? bytes : null);
    }
}
