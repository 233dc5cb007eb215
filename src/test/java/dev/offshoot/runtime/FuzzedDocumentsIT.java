package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.Cases;
import dev.offshoot.testing.Packaged;
import dev.offshoot.testing.Program;
import dev.offshoot.testing.ServiceProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packaged service keeps to its documents, whatever is asked of it: requests are generated from each. The script does so
 * for as long as one likes.
 */
@EnabledIf(
        value = "isWorthwhile",
        disabledReason =
                "needs the demo store, which a native image lacks, and says nothing of a JDK or another database")
class FuzzedDocumentsIT {
    private static final String SCRIPT =
            Path.of("src/test/clients/fuzz.sh").toAbsolutePath().toString();
    private static final String SECONDS = "30";
    private static final Pattern CASES = Pattern.compile("(\\d+) generated, (\\d+) passed");

    @TempDir
    static Path folder;

    private static ServiceProcess service;

    static boolean isWorthwhile() {
        return Cases.all() && Packaged.hasEmbeddedStore();
    }

    @BeforeAll
    static void start() {
        Program.assumeInstalled("fuzz", "Nothing was generated from the documents and tried");
        service = ServiceProcess.start(folder, Map.of("offshoot.demo", "true", "offshoot.demo-store", "memory"));
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    static List<String> documents() {
        return ApiDocument.ALL;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyAnswerIsAsDocumented(String document) {
        var ended = fuzz(document, SECONDS);

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        var cases = CASES.matcher(ended.output());
        assertThat(cases.find()).as(ended.output()).isTrue();
        assertThat(cases.group(1)).isEqualTo(cases.group(2));
        System.out.println("Schemathesis tried " + document + " with " + cases.group(1) + " requests.");
    }

    private static Program.Ended fuzz(String document, String seconds) {
        return Program.run(folder, Map.of(), SCRIPT, service.base(), service.shownKey(), document, seconds);
    }
}
