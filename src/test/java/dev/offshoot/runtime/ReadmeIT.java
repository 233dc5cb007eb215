package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The calls of the README and of the tour, pasted into a shell one after the other, answer what is printed there. */
@EnabledIf(
        value = "dev.offshoot.testing.Cases#allOnJar",
        disabledReason = "is about a demonstration: says nothing of a JDK, and has no other database")
class ReadmeIT {
    private static final Pattern CALL_AND_ANSWER =
            Pattern.compile("```sh\n((?:(?!```).)*)```\n\n```json\n((?:(?!```).)*)```", Pattern.DOTALL);

    private static final String END = "--- end of answer ---";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"README.md, 3", "src/docs/tour.md, 12"})
    void pastedCallsAnswerWhatIsPrintedThere(Path page, int calls) throws Exception {
        try (var service = ServiceProcess.start(folder, Map.of("offshoot.demo", "true"))) {
            var script = new StringBuilder();
            var expected = new ArrayList<String>();
            var blocks = CALL_AND_ANSWER.matcher(Files.readString(page));
            while (blocks.find()) {
                script.append(blocks.group(1))
                        .append("echo; echo '")
                        .append(END)
                        .append("'\n");
                expected.add(blocks.group(2));
            }
            assertThat(expected).hasSize(calls);

            var answers = run(script.toString().replace("http://localhost:8080", service.base()), service.shownKey())
                    .split(END, -1);

            for (var number = 0; number < expected.size(); number++) {
                assertThat(comparable(answers[number]))
                        .isEqualTo(comparable(expected.get(number).replace("http://localhost:8080", service.base())));
            }
        }
    }

    private String run(String script, String key) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", "-euc", script).directory(folder.toFile());
        builder.environment().put("OFFSHOOT_KEY", key);
        var process = builder.redirectErrorStream(true).start();
        try (var output = process.getInputStream()) {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            var text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.exitValue()).as(text).isZero();
            return text;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Without indentation, and without ids, keys, times and the random tails of URL keys, which differ from run to run. */
    private static JsonNode comparable(String json) throws IOException {
        var compact = Http.JSON.readTree(json).toString();
        return Http.JSON.readTree(compact.replaceAll("\"[a-f0-9]{24}\"", "\"id\"")
                .replaceAll("osk_[^\"]+", "key")
                .replaceAll("\"key_id\":\"[a-z0-9]{12}\"", "\"key_id\":\"id\"")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "time")
                .replaceAll("-[a-z0-9]{12}\"", "-tail\""));
    }
}
