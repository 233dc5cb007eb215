package dev.offshoot.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Instants as clients write them. */
class Rfc3339Test {
    @ParameterizedTest
    @CsvSource({
        "2026-04-01T09:30:00Z, 2026-04-01T09:30:00Z",
        "2026-04-01t09:30:00z, 2026-04-01T09:30:00Z",
        "2026-04-01T09:30:00+01:00, 2026-04-01T08:30:00Z",
        "2026-04-01T09:30:00-00:00, 2026-04-01T09:30:00Z",
        "2026-04-01T09:30:00.123456789Z, 2026-04-01T09:30:00.123Z",
        "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z"
    })
    void instantIsReadToTheMillisecond(String raw, Instant expected) {
        assertThat(Rfc3339.parse(raw).toOptional()).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "null",
                "1767225600",
                "2026-04-01",
                "2026-04-01T09:30:00",
                "2026-04-01T09:30Z",
                "2026-04-01 09:30:00Z",
                "2026-04-01T09:30:00 01:00",
                "2026-04-01T09:30:00.Z",
                "2026-04-01T09:30:00.1234567891Z",
                "2026-04-01T09:30:00Z\n",
                "2026-02-30T00:00:00Z",
                "2026-04-01T24:00:01Z",
                "2026-04-01T23:59:60Z",
                "0000-12-31T23:59:59Z",
                "0001-01-01T00:00:00+01:00",
                "9999-12-31T23:59:59-01:00",
                "٢٠٢٦-04-01T09:30:00Z",
                "tomorrow",
                "2030-01-01",
                "2030-01-01T00:00:00",
                "2030-01-01T00:00Z",
                "2030-01-01 00:00:00Z",
                "2030-13-01T00:00:00Z",
                "2030-02-30T00:00:00Z",
                "2030-01-01T24:00:00Z",
                "2030-06-30T23:59:60Z",
                "2030-01-01T00:00:00+1:00",
                "2030-01-01T00:00:00.Z",
                "+12030-01-01T00:00:00Z",
                "0000-01-01T00:00:00Z",
                " 2030-01-01T00:00:00Z",
                "2030-01-01T00:00:00Z\n"
            })
    void whatIsNoInstantOfTheYears1To9999IsNone(String raw) {
        assertThat(Rfc3339.parse(raw).toOptional()).isEmpty();
    }
}
