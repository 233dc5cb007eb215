package dev.offshoot.failure;

/**
 * One rule that one field or query parameter breaks.
 *
 * @param field the field's name and path, as the client writes them
 * @param message completes a sentence whose subject is the field's name
 */
public record Violation(String field, Kind kind, String message) {
    public static final String IS_REPEATED = "must not be given more than once";

    private static final String IS_REQUIRED = "is required";

    /** The kinds of violation that an API may have its own error code for. */
    public enum Kind {
        /** A required field is absent or null. */
        REQUIRED,
        /** The value is not one of the allowed choices. */
        UNKNOWN_CHOICE,
        /** The field is given more than once where only one is allowed. */
        REPEATED,
        OTHER
    }

    /** Makes a violation whose kind follows from the message. */
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
