package dev.offshoot.api.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The value of {@code If-Match} or {@code If-None-Match}: an asterisk for every state, or a list of entity tags (RFC 9110,
 * sections 8.8.3 and 13.1). The list may be empty and have empty elements (section 5.6.1), and a tag may contain commas.
 *
 * @param every whether it is an asterisk
 */
public record EntityTags(boolean every, List<EntityTag> tags) {
    private static final EntityTags EVERY = new EntityTags(true, List.of());
    private static final Pattern ASTERISK = Pattern.compile("[ \t]*+\\*[ \t]*+");

    /** It backtracks nowhere, so that a value takes time in proportion to its length. */
    private static final Pattern ELEMENT =
            Pattern.compile("\\G[ \t]*+(?:(?<weak>W/)?+\"(?<opaque>[!\\x23-\\x7E\\x80-\\xFF]*+)\")?+[ \t]*+(?:,|\\z)");

    /**
     * One tag.
     *
     * @param opaque what is between the quotes
     */
    public record EntityTag(String opaque, boolean weak) {}

    public EntityTags {
        tags = List.copyOf(tags);
    }

    /**
     * Reads the lines of a header; several lines are one list. Empty if they are malformed.
     *
     * @param lines each byte of a line is one character
     */
    public static Optional<EntityTags> parse(List<String> lines) {
        var value = String.join(",", lines);
        if (ASTERISK.matcher(value).matches()) {
            return Optional.of(EVERY);
        }
        var tags = new ArrayList<EntityTag>();
        var element = ELEMENT.matcher(value);
        var end = 0;
        while (element.find()) {
            if (element.group("opaque") != null) {
                tags.add(new EntityTag(element.group("opaque"), element.group("weak") != null));
            }
            end = element.end();
        }
        return end == value.length() ? Optional.of(new EntityTags(false, tags)) : Optional.empty();
    }

    /** Whether the strong tag is one of these by the strong comparison, to which a weak tag is never equal. */
    public boolean holdStrongly(String opaque) {
        return every || tags.contains(new EntityTag(opaque, false));
    }

    /** Whether the strong tag is one of these by the weak comparison. */
    public boolean holdWeakly(String opaque) {
        return every || tags.stream().anyMatch(tag -> tag.opaque().equals(opaque));
    }
}
