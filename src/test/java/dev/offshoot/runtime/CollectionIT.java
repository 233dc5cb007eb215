package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Program;
import dev.offshoot.testing.ServiceProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The collection of calls, run by its real runner against the packaged service, as its page says. */
@EnabledIf(
        value = "dev.offshoot.testing.Cases#allOnJar",
        disabledReason = "is about a demonstration: says nothing of a JDK, and has no other database")
class CollectionIT {
    private static final Path COLLECTION = Path.of("src/docs/collection");
    private static final Pattern COUNTED = Pattern.compile("│ +(requests|assertions) │ +(\\d+) │ +(\\d+) │");

    @TempDir
    Path folder;

    /** Twice, for it leaves nothing behind that is in its own way. */
    @Test
    void everyCallAnswersAsItSays() {
        Program.assumeInstalled("collection", "The collection of calls was not run");
        try (var service =
                ServiceProcess.start(folder, Map.of("offshoot.demo", "true", "offshoot.demo-store", "memory"))) {
            var key = service.shownKey();

            assertPasses(run(service.base(), key));
            assertPasses(run(service.base(), key));

            assertThat(service.client(key).list("").total()).isZero();
            assertThat(run(service.base(), "osk_nonsense").exitCode()).isEqualTo(1);
        }
    }

    private static void assertPasses(Program.Ended ended) {
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        var counted = COUNTED.matcher(ended.output()).results().toList();
        assertThat(counted).hasSize(2).allSatisfy(count -> {
            assertThat(Integer.parseInt(count.group(2))).isGreaterThan(70);
            assertThat(count.group(3)).isEqualTo("0");
        });
    }

    private Program.Ended run(String base, String key) {
        return Program.run(
                folder,
                Map.of(),
                Program.INSTALLED.resolve("collection/node_modules/.bin/newman").toString(),
                "run",
                COLLECTION.resolve("offshoot.postman_collection.json").toString(),
                "--environment",
                COLLECTION.resolve("local.postman_environment.json").toString(),
                "--env-var",
                "baseUrl=" + base,
                "--env-var",
                "key=" + key,
                "--color",
                "off");
    }
}
