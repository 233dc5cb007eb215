package dev.offshoot.organisation;

import dev.offshoot.idempotency.Attempt;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.Parsed;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** The key of an organisation or a division: readable, safe in a URL, unique in the installation. */
public record UrlKey(String text) {
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int SLUG_LENGTH = 40;
    /**
     * There are 36¹² tails: a clash is not expected in the life of an installation, and the unique index would refuse
     * it.
     */
    private static final int TAIL_LENGTH = 12;

    /** The length of the longest key that is minted: the slug, a hyphen and the tail. */
    static final int MAX_LENGTH = SLUG_LENGTH + 1 + TAIL_LENGTH;

    private static final Pattern FORM = Pattern.compile("[a-z0-9-]{1," + MAX_LENGTH + "}");
    private static final String RULE = "must be 1 to " + MAX_LENGTH + " letters a to z, digits and hyphens";

    /** Reads a key that is looked for. It need not be one that could have been minted: then nothing has it. */
    public static Parsed<UrlKey> parse(String raw) {
        return FORM.matcher(raw).matches() ? Parsed.good(new UrlKey(raw)) : Parsed.bad(RULE);
    }

    /** Makes the key that each try mints for this purpose. */
    static UrlKey mint(DisplayName name, Attempt attempt, String purpose) {
        return new UrlKey(slug(name.text()) + '-' + attempt.text(purpose, ALPHABET, TAIL_LENGTH));
    }

    private static String slug(String name) {
        var ascii = Normalizer.normalize(name, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}+", "")
                .replaceAll("[^a-z0-9]+", "-");
        var cut = ascii.substring(0, Math.min(ascii.length(), SLUG_LENGTH)).replaceAll("^-+|-+$", "");
        return cut.isEmpty() ? "org" : cut;
    }
}
