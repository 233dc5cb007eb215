package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Program;
import dev.offshoot.testing.ServiceProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that generators make of the documents, as the packaged service serves them. The script generates and compiles
 * other languages too; that takes longer, and is done by hand.
 */
@EnabledIf(
        value = "dev.offshoot.testing.Cases#allOnJar",
        disabledReason = "is about a demonstration: says nothing of a JDK, and has no other database")
class GeneratedClientsIT {
    private static final Path SOURCES = Path.of("src/test/clients").toAbsolutePath();

    @TempDir
    static Path folder;

    private static ServiceProcess service;

    @BeforeAll
    static void start() {
        Program.assumeInstalled("generators", "No clients were generated");
        service = ServiceProcess.start(folder, Map.of("offshoot.demo", "true", "offshoot.demo-store", "memory"));
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    /** It creates, lists, gets, changes and deletes, and reads nulls, keys that are shown once, and errors. */
    @Test
    void pythonClientWorks() {
        assertGenerated("python");

        var ended = Program.run(
                folder,
                Map.of(
                        "PYTHONPATH", folder.resolve("python/partner") + ":" + folder.resolve("python/monoid"),
                        "OFFSHOOT_URL", service.base(),
                        "OFFSHOOT_KEY", service.shownKey()),
                Program.INSTALLED.resolve("generators/python/bin/python").toString(),
                SOURCES.resolve("generators/generated.py").toString());

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        System.out.print("The service was driven with: " + ended.output());
    }

    @Test
    void goClientCompiles() {
        Program.assumeInstalled("go", "No clients were generated in Go");
        assertGenerated("go");
    }

    private static void assertGenerated(String language) {
        var ended = Program.run(
                folder,
                Map.of(),
                SOURCES.resolve("generate.sh").toString(),
                service.base(),
                folder.toString(),
                language);

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output().lines()).hasSize(4).allMatch(line -> line.contains("in " + language + " compiles"));
    }
}
