package dev.offshoot.organisation;

import dev.offshoot.value.Parsed;
import java.time.ZoneId;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The id of an IANA time zone, spelled as the database spells it. */
public record TimeZoneId(String id) {
    public static final String RULE = "must be the id of an IANA time zone, such as Europe/London";

    /** In the IANA database, where each is a link, but for historical reasons not among the Java platform's regions. */
    private static final Set<String> MISSING_IN_JAVA = Set.of("EST", "GMT+0", "GMT-0", "HST", "MST", "ROC");

    private static final Set<String> KNOWN = Stream.concat(
                    ZoneId.getAvailableZoneIds().stream().filter(id -> !id.startsWith("SystemV/")),
                    MISSING_IN_JAVA.stream())
            .collect(Collectors.toUnmodifiableSet());

    public static Parsed<TimeZoneId> parse(String raw) {
        return KNOWN.contains(raw) ? Parsed.good(new TimeZoneId(raw)) : Parsed.bad(RULE);
    }
}
