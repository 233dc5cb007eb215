package dev.offshoot.value;

/** Why somebody did something, in a sentence of their own. It has the same form as a {@link DisplayName}. */
public record Reason(String text) {
    public static final String RULE =
            "must be 1 to 256 characters with a visible one among them, without control characters";

    public static Parsed<Reason> parse(String raw) {
        return Parsed.of(
                DisplayName.parse(raw).toOptional().map(DisplayName::text).map(Reason::new), RULE);
    }
}
