package dev.offshoot.api.read;

import dev.offshoot.failure.Failure.BodyFault;
import dev.offshoot.failure.Problem;
import dev.offshoot.failure.Problem.Form;
import dev.offshoot.failure.Problem.JsonType;

/** The sentences about single fields, in which the APIs do not differ. */
public final class Wording {
    private Wording() {}

    public static String of(Problem problem) {
        if (problem instanceof Problem.WrongType wrong) {
            return "must be " + of(wrong.expected());
        }
        if (problem instanceof Problem.OutOfRange range) {
            return "must be between " + range.least() + " and " + range.most();
        }
        if (problem instanceof Problem.WrongSize size) {
            return "must have between " + size.least() + " and " + size.most() + " entries";
        }
        if (problem instanceof Problem.Malformed malformed) {
            return "must be " + of(malformed.form());
        }
        if (problem instanceof Problem.Excludes excludes) {
            return "can't be given together with " + excludes.other();
        }
        return of((Problem.Bare) problem);
    }

    public static String of(BodyFault fault) {
        return switch (fault) {
            case EMPTY -> "must not be empty";
            case NOT_JSON -> "must be well-formed JSON in UTF-8";
            case DUPLICATE_KEY -> "must not have the same key twice in one object";
            case TOO_DEEP -> "is nested too deeply or holds too long a number";
            case NOT_AN_OBJECT -> "must be a JSON object";
            case NOT_A_LIST -> "must be a JSON array";
        };
    }

    private static String of(Problem.Bare problem) {
        return switch (problem) {
            case MISSING -> "is required";
            case NULL -> "must not be null";
            case UNKNOWN -> "is not a field of this call";
            case READ_ONLY -> "can't be changed";
            case NOTHING_GIVEN -> "must have at least one field";
            case PARTNERS_ONLY -> "has a role that only a partner's key can have";
            case PAST -> "must be in the future";
            case EMPTY -> "must not be empty";
            case REPEATED -> "must not be given more than once";
        };
    }

    private static String of(JsonType type) {
        return switch (type) {
            case TEXT -> "a string";
            case BOOLEAN -> "true or false";
            case INTEGER -> "an integer";
            case LIST -> "a list";
            case OBJECT -> "an object";
        };
    }

    private static String of(Form form) {
        return switch (form) {
            case NAME ->
                "1 to 256 characters with a visible one among them, without control characters or bidirectional overrides";
            case EXTERNAL_ID ->
                "1 to 255 printable characters without surrounding space, and not 24 hexadecimal digits, '.' or '..'";
            case COUNTRY -> "an assigned ISO 3166-1 alpha-2 country code, such as GB";
            case TIME_ZONE -> "the id of an IANA time zone, such as Europe/London";
            case ORGANISATION_ID -> "24 lower-case hexadecimal digits";
            case INTEGER -> "an integer";
            case BOOLEAN -> "true or false";
            case LIST_SCOPE -> "children or subtree";
            case SUBTREE_SCOPE -> "self or subtree";
            case USAGE_BREAKDOWN -> "daily or children";
            case MONTH -> "a month, such as 2026-04";
            case DAY -> "a day, such as 2026-04-01";
            case RECORD_ID -> "1 to 128 visible ASCII characters";
            case IP -> "an IP address";
            case KEY_ID -> "12 of a to z and 0 to 9";
            case IDENTIFIER -> "1 to 255 printable characters without surrounding space, and not '.' or '..'";
            case EMAIL -> "an e-mail address of at most 254 characters";
            case URL -> "an absolute http or https URL of at most 2048 characters";
            case MEMBER_ROLE -> "owner, admin or member";
            case PLAN_STATUS -> "trialing, active, past_due, canceled, scheduled or expired";
            case INSTANT -> "an RFC 3339 instant, such as 2026-04-01T09:30:00.000Z, of the years 1 to 9999";
            case ROLE -> "a role that this call knows";
            case ADDRESS -> "an IP address or a block of them in CIDR notation";
            case REASON -> "1 to 256 characters with a visible one among them, without control characters";
        };
    }
}
