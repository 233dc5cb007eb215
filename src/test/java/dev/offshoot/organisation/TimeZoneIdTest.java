package dev.offshoot.organisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeZoneIdTest {
    /** The IANA database in one file, as most systems have it: a link reads {@code L target name}. */
    private static final Path DATABASE = Path.of("/usr/share/zoneinfo/tzdata.zi");

    @ParameterizedTest
    @ValueSource(strings = {"EST", "HST", "MST", "ROC", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "UCT", "Zulu"})
    void everyShortNameOfTheDatabaseIsKnown(String id) {
        assertThat(TimeZoneId.parse(id).toOptional()).contains(new TimeZoneId(id));
    }

    /** A link whose target is newer than the platform's table has to wait for a newer platform. */
    @Test
    void everyLinkToAKnownZoneIsKnown() throws IOException {
        var links = links();

        var unknown = links.entrySet().stream()
                .filter(link -> isKnown(link.getValue()) && !isKnown(link.getKey()))
                .map(Map.Entry::getKey)
                .toList();

        assertThat(links).hasSizeGreaterThan(100);
        assertThat(unknown).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GMT+1", "GMT+00", "GMT-00", "GMT-1", "UTC+0", "UTC-0", "UT+0", "Factory", "gmt+0", ""})
    void whatIsNoPlaceOfTheDatabaseIsUnknown(String id) {
        assertThat(TimeZoneId.parse(id).toOptional()).isEmpty();
    }

    private static boolean isKnown(String id) {
        return TimeZoneId.parse(id).toOptional().isPresent();
    }

    private static Map<String, String> links() throws IOException {
        assumeThat(DATABASE).exists();
        var links = new HashMap<String, String>();
        for (var line : Files.readAllLines(DATABASE)) {
            var fields = List.of(line.split(" ", -1));
            if (fields.get(0).equals("L")) {
                links.put(fields.get(2), fields.get(1));
            }
        }
        return links;
    }
}
