package dev.offshoot.task;

/** What can be pending. The first four stand in the documents that were written, the others in records of usage. */
public enum TaskType {
    /** A new record: see whether its whole lineage is live, and delete or remove it if not. */
    CONFIRM,
    /** A deleted organisation: delete everything beneath it. */
    CASCADE,
    /** A slot was reserved for a new member: confirm it if the member's record is there, release it if not. */
    MEMBER_ADDITION,
    /** A member was removed: remove its record. */
    MEMBER_REMOVAL,
    /** Reported records that are not part of their day's figures yet. */
    USAGE_DAYS,
    /** Days of months that are over, which their month's figures have not seen. */
    USAGE_MONTHS
}
