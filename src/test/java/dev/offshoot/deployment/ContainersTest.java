package dev.offshoot.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two files that images are made by. */
class ContainersTest {

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void linterFindsNothing(String dockerfile) {
        var linted = Checker.HADOLINT.run("--failure-threshold", "info", "--no-color", dockerfile);

        assertThat(linted.output()).isEmpty();
        assertThat(linted.code()).isZero();
    }

    @Test
    void linterFindsWhatIsWrong() {
        assertThat(Checker.HADOLINT
                        .run("src/test/resources/deployment/Dockerfile.wrong")
                        .output())
                .contains("DL3007");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void lastStageIsNobodysAndTellsItsPorts(String dockerfile) {
        var lines = lastStage(dockerfile);

        assertThat(lines).contains("USER 10001:10001", "EXPOSE 8080 9000");
        assertThat(lines).anyMatch(line -> line.startsWith("ENTRYPOINT [\""));
        assertThat(lines.indexOf("USER 10001:10001"))
                .as("what the image holds is not the service's to change")
                .isGreaterThan(last(lines, "COPY "));
        assertThat(lines).noneMatch(line -> line.startsWith("CMD "));
    }

    /** What the runtime's JVM did not make it could not load. */
    @Test
    void theJvmThatRunsIsTheOneThatMadeTheCache() {
        var text = Yaml.text(Path.of("Dockerfile.jvm"));

        assertThat(text).contains("FROM runtime AS cache");
        assertThat(lastStage("Dockerfile.jvm").get(0)).isEqualTo("FROM runtime");
        assertThat(text).contains("RUN java -XX:AOTMode=on -XX:AOTCache=app.aot -jar quarkus-run.jar mint-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void basesAreNamedInFullAndByVersion(String dockerfile) {
        var stages = Pattern.compile("(?m)^FROM (\\S+)(?: AS (\\S+))?$")
                .matcher(Yaml.text(Path.of(dockerfile)))
                .results()
                .toList();
        var named = stages.stream().map(stage -> stage.group(2)).toList();

        assertThat(stages).isNotEmpty();
        assertThat(stages.stream().map(stage -> stage.group(1)).filter(base -> !named.contains(base)))
                .isNotEmpty()
                .allMatch(base -> base.matches("(docker\\.io|quay\\.io)/[a-z0-9/-]+:[a-z0-9.-]*\\d[a-z0-9.-]*"));
    }

    private static List<String> lastStage(String dockerfile) {
        var text = Yaml.text(Path.of(dockerfile));
        return text.substring(text.lastIndexOf("\nFROM ") + 1).lines().toList();
    }

    private static int last(List<String> lines, String start) {
        return lines.lastIndexOf(lines.stream()
                .filter(line -> line.startsWith(start))
                .reduce((first, second) -> second)
                .orElseThrow());
    }
}
