package dev.offshoot.task;

/**
 * The types of task that can be pending. The first five are stored in the documents that were written, the others in
 * usage records, days and months.
 */
public enum TaskType {
    /** A new record: check whether its whole lineage is live, and delete or remove the record if not. */
    CONFIRM,
    /** A deleted organisation: delete everything beneath it. */
    CASCADE,
    /** A slot is reserved for a new member: confirm it if the member's record exists, release it if not. */
    MEMBER_ADDITION,
    /** A member was removed: remove its record. */
    MEMBER_REMOVAL,
    /** A change that may be repeated: forget what it left when nobody can repeat it any more. */
    ANSWER,
    /** Reported records that are not yet part of their day's figures. */
    USAGE_DAYS,
    /** Days that their month's figures do not include yet. */
    USAGE_MONTHS,
    /** Months that are over and not closed yet. */
    USAGE_CLOSINGS
}
