package dev.offshoot.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arguments that need no service. That an unknown one ends with 2 and the usage is {@code StartSettingsIT}'s. */
class OffshootTest {
    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h"})
    void helpNamesEveryArgument(String argument) {
        assertThat(printed(argument))
                .contains(
                        "Usage:", "mint-key", "mint-encryption-key", "mint-settings FILE", "reseal-keys", "--version");
    }

    @Test
    void versionIsThatOfTheBuild() throws IOException {
        var version = printed("--version").strip();

        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<version>" + version.replace("offshoot ", "") + "</version>\n  <name>Offshoot</name>");
    }

    private static String printed(String argument) {
        var before = System.out;
        var output = new ByteArrayOutputStream();
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            Offshoot.main(argument);
        } finally {
            System.setOut(before);
        }
        return output.toString(StandardCharsets.UTF_8);
    }
}
