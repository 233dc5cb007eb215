package dev.offshoot.owed;

/** The kinds of work that can wait to be done, as the operator is told of them. */
public enum Work {
    SETTLE,
    CASCADE,
    MEMBER_ADDITION,
    MEMBER_REMOVAL,
    /** Reported records that are not part of their day's figures yet. */
    USAGE_DAYS,
    /** Days of months that are over, which their month's figures have not seen. */
    USAGE_MONTHS;

    static Work of(Owed.Kind kind) {
        return switch (kind) {
            case SETTLE -> SETTLE;
            case CASCADE -> CASCADE;
            case MEMBER_ADDITION -> MEMBER_ADDITION;
            case MEMBER_REMOVAL -> MEMBER_REMOVAL;
        };
    }
}
