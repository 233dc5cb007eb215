package dev.offshoot.usage;

import java.time.YearMonth;

/**
 * Which usage of a month is requested.
 *
 * @param subtree whether everything beneath the organisation is included, deleted or not; otherwise only the
 *     organisation itself
 */
public record UsageQuery(YearMonth month, boolean subtree, Breakdown breakdown) {

    /** How a month's figures are broken down. The parts add up to the whole. */
    public enum Breakdown {
        NONE,
        /** By day, for the days that have a record or a count. */
        DAILY,
        /** By child: the organisation itself, then each direct child with everything beneath it. */
        CHILDREN
    }

    String monthText() {
        return month.toString();
    }
}
