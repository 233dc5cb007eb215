package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.Program;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.Together;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packaged service keeps to its documents, whatever is asked of it: requests are generated from each. The script does so
 * for as long as one likes.
 */
@EnabledIf(
        value = "dev.offshoot.testing.Cases#allOnJar",
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

    /** Two are tried at once, which keeps two processors busy. */
    static Stream<List<String>> documents() {
        var all = ApiDocument.ALL;
        return IntStream.range(0, all.size() / 2).mapToObj(pair -> List.of(all.get(2 * pair), all.get(2 * pair + 1)));
    }

    @Test
    void everyDocumentIsTried() {
        assertThat(documents().flatMap(List::stream)).containsExactlyElementsOf(ApiDocument.ALL);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyAnswerIsAsDocumented(List<String> documents) throws Exception {
        var fuzzes = documents.stream()
                .<Callable<Program.Ended>>map(document -> () -> fuzz(document, SECONDS))
                .toList();

        var ended = Together.run(fuzzes);

        for (var one = 0; one < documents.size(); one++) {
            assertIsAsDocumented(documents.get(one), ended.get(one));
        }
    }

    private static void assertIsAsDocumented(String document, Program.Ended ended) {
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
