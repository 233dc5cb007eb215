package dev.offshoot.organisation;

import dev.offshoot.value.DisplayName;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Locale;

/** Mints the key of an organisation or a division: readable, safe in a URL, unique in the installation. */
final class UrlKey {
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int SLUG_LENGTH = 40;
    /**
     * There are 36¹² tails: a clash is not expected in the life of an installation, and the unique index would refuse
     * it.
     */
    private static final int TAIL_LENGTH = 12;

    private static final SecureRandom RANDOM = new SecureRandom();

    private UrlKey() {}

    static String mint(DisplayName name) {
        var key = new StringBuilder(slug(name.text())).append('-');
        RANDOM.ints(TAIL_LENGTH, 0, ALPHABET.length()).forEach(digit -> key.append(ALPHABET.charAt(digit)));
        return key.toString();
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
