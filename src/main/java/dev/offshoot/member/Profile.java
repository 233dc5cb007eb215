package dev.offshoot.member;

import dev.offshoot.failure.Problem.Form;
import dev.offshoot.value.Identifier;
import dev.offshoot.value.Parsed;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is known of a member as a person. All of it may be unknown. */
public record Profile(
        @Nullable String email,
        @Nullable String name,
        @Nullable String imageUrl) {
    private static final int MAX_EMAIL = 254;
    private static final int MAX_URL = 2048;

    /** No more than mail needs to find its way: who could be reached there, only a mail tells (RFC 5321, section 4.5.3). */
    private static final Pattern EMAIL = Pattern.compile("[^@]+@[^@]+");

    public static Parsed<String> parseEmail(String raw) {
        var visible =
                raw.codePoints().allMatch(point -> Identifier.isPrintable(point) && !Character.isSpaceChar(point));
        return visible && raw.length() <= MAX_EMAIL && EMAIL.matcher(raw).matches()
                ? Parsed.good(raw)
                : Parsed.malformed(Form.EMAIL);
    }

    /** Only what a browser loads an image by: no other scheme may reach a page that shows the member. */
    public static Parsed<String> parseImageUrl(String raw) {
        return isVisible(raw) && raw.length() <= MAX_URL && isWebAddress(raw)
                ? Parsed.good(raw)
                : Parsed.malformed(Form.URL);
    }

    private static boolean isVisible(String raw) {
        return raw.codePoints().allMatch(point -> Identifier.isPrintable(point) && !Character.isSpaceChar(point));
    }

    private static boolean isWebAddress(String raw) {
        try {
            var url = new URI(raw);
            var scheme = url.getScheme();
            var authority = url.getRawAuthority();
            return authority != null
                    && !authority.isEmpty()
                    && ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme));
        } catch (URISyntaxException malformed) {
            return false;
        }
    }
}
