package dev.offshoot.api.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import jakarta.validation.Validation;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that are no JSON object in UTF-8, without HTTP. */
class MalformedBodyTest {
    private final RequestReader reader = new Reader();

    private static final class Reader extends RequestReader {
        Reader() {
            super(snakeCase(Validation.buildDefaultValidatorFactory().getValidator()));
        }
    }

    record Named(String organisationName) {}

    @ParameterizedTest
    @MethodSource
    void whatIsNoJsonObjectIsMalformed(String body) {
        assertMalformed(body.getBytes(UTF_8));
    }

    static Stream<String> whatIsNoJsonObjectIsMalformed() {
        return Stream.of(
                "",
                " \n",
                "null",
                "true",
                "1",
                "\"text\"",
                "[]",
                "[{}]",
                "{",
                "}",
                "{\"organisation_name\"",
                "{\"organisation_name\":",
                "{\"organisation_name\":\"A",
                "{\"organisation_name\":\"A\"",
                "{\"organisation_name\":\"A\",}",
                "{\"organisation_name\":\"A\"}}",
                "{\"organisation_name\":\"A\"}{}",
                "{\"organisation_name\":\"A\"} x",
                "{\"organisation_name\":\"A\",\"organisation_name\":\"A\"}",
                "{\"organisation_name\":\"A\",\"organisation\\u005fname\":\"B\"}",
                "{\"unknown\":{\"a\":1,\"a\":1}}",
                "{'organisation_name':'A'}",
                "{organisation_name:\"A\"}",
                "{\"organisation_name\":\"A\\x\"}",
                "{\"organisation_name\":\"A\\u12\"}",
                "{\"organisation_name\":\"A\nB\"}",
                "{\"organisation_name\":NaN}",
                "{\"organisation_name\":01}",
                "{\"organisation_name\":+1}",
                "{\"organisation_name\":" + "1".repeat(1000) + "}",
                "{/* comment */}",
                "organisation_name=A",
                "<organisation/>",
                "[".repeat(10_000),
                "{\"a\":".repeat(10_000),
                "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}");
    }

    /** Each in the place of a name's text. */
    @ParameterizedTest
    @CsvSource({
        "80, a continuation without a start",
        "c3, a start without a continuation",
        "c0af, an overlong form",
        "eda080, a surrogate",
        "f4908080, behind the last code point",
        "ff, no byte of UTF-8",
        "e9, é in ISO 8859-1",
    })
    void whatIsNotUtf8IsMalformed(String bytes, String why) {
        // Each byte is the character of that number.
        var text = "{\"organisation_name\":\"" + new String(HexFormat.of().parseHex(bytes), ISO_8859_1) + "\"}";

        assertMalformed(text.getBytes(ISO_8859_1));
    }

    private void assertMalformed(byte[] body) {
        var failure = catchThrowableOfType(FailureException.class, () -> reader.read(body, Named.class));

        assertThat(failure).isNotNull();
        assertThat(failure.failure()).isInstanceOf(Failure.MalformedBody.class);
    }
}
