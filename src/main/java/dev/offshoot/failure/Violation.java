package dev.offshoot.failure;

/**
 * One rule that one field or query parameter breaks.
 *
 * @param field its name as the client knows it, with the path to it
 * @param message the rest of a sentence that begins with the field's name
 */
public record Violation(String field, Kind kind, String message) {
    public static final String IS_REPEATED = "must not be given more than once";

    private static final String IS_REQUIRED = "is required";

    /** What an API may have a code of its own for. */
    public enum Kind {
        /** A required field is absent or null. */
        REQUIRED,
        /** The value is none of the few that there are. */
        UNKNOWN_CHOICE,
        /** Given more than once where once is allowed. */
        REPEATED,
        OTHER
    }

    /** A violation of the kind that the message says. */
    public static Violation of(String field, String message) {
        return new Violation(field, kind(message), message);
    }

    public static Violation required(String field) {
        return of(field, IS_REQUIRED);
    }

    public static Violation repeated(String field) {
        return of(field, IS_REPEATED);
    }

    private static Kind kind(String message) {
        return switch (message) {
            case IS_REQUIRED -> Kind.REQUIRED;
            case IS_REPEATED -> Kind.REPEATED;
            default -> Kind.OTHER;
        };
    }
}
