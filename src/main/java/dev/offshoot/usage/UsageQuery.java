package dev.offshoot.usage;

import java.time.YearMonth;

/**
 * What is to be told of a month's usage.
 *
 * @param subtree of everything beneath the organisation too, deleted or not; otherwise of itself alone
 */
public record UsageQuery(YearMonth month, boolean subtree, Breakdown breakdown) {

    /** What a month's figures are split into; each part's figures add up to the whole's. */
    public enum Breakdown {
        NONE,
        /** The days that have a record or a count. */
        DAILY,
        /** The organisation itself, then each direct child with everything beneath it. */
        CHILDREN
    }

    String monthText() {
        return month.toString();
    }
}
