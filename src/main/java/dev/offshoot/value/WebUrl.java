package dev.offshoot.value;

import java.net.URI;
import java.net.URISyntaxException;

/** An absolute URL that a browser loads over HTTP. No other scheme may reach a page that shows it. */
public record WebUrl(String text) {
    public static final String RULE = "must be an absolute http or https URL of at most 2048 characters";

    private static final int MAX_LENGTH = 2048;

    public static Parsed<WebUrl> parse(String raw) {
        return Identifier.isVisible(raw) && raw.length() <= MAX_LENGTH && isWebAddress(raw)
                ? Parsed.good(new WebUrl(raw))
                : Parsed.bad(RULE);
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
