package dev.offshoot.failure;

/** What is wrong with a value, as data; the wording is the API's. */
public sealed interface Problem {

    /** What needs no data to be told. */
    enum Bare implements Problem {
        /** A required field is absent or null. */
        MISSING,
        /** Present, but null, where null is no value. */
        NULL,
        /** No such field here. */
        UNKNOWN,
        /** The field exists and can't be changed. */
        READ_ONLY,
        /** No field at all, where at least one is needed. */
        NOTHING_GIVEN,
        /** What only a partner's key can have. */
        PARTNERS_ONLY,
        /** A time that has to lie ahead and does not. */
        PAST,
        /** A query parameter without a value. */
        EMPTY,
        /** A query parameter given more than once. */
        REPEATED
    }

    /** Another JSON type than the one expected. */
    record WrongType(JsonType expected) implements Problem {}

    /** Can't be given together with the other one. */
    record Excludes(String other) implements Problem {}

    /** A number outside its bounds, both inclusive. */
    record OutOfRange(long least, long most) implements Problem {}

    /** A list with more or fewer entries than allowed, both bounds inclusive. */
    record WrongSize(int least, int most) implements Problem {}

    /** A text that has not the form it must have. */
    record Malformed(Form form) implements Problem {}

    /** The JSON types that fields are read as. */
    enum JsonType {
        TEXT,
        BOOLEAN,
        INTEGER,
        LIST,
        OBJECT
    }

    /** The forms of text; each API has one sentence for each. */
    enum Form {
        NAME,
        EXTERNAL_ID,
        COUNTRY,
        TIME_ZONE,
        ORGANISATION_ID,
        INTEGER,
        BOOLEAN,
        LIST_SCOPE,
        SUBTREE_SCOPE,
        USAGE_BREAKDOWN,
        MONTH,
        DAY,
        RECORD_ID,
        REASON,
        ROLE,
        ADDRESS,
        IP,
        KEY_ID,
        IDENTIFIER,
        EMAIL,
        URL,
        MEMBER_ROLE,
        PLAN_STATUS,
        INSTANT
    }
}
