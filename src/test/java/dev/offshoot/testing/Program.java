package dev.offshoot.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs that are not ours, and what {@code src/test/clients/install.sh} has installed of them. */
public final class Program {
    public static final Path INSTALLED = Path.of("target/clients").toAbsolutePath();

    private static final long PATIENCE_SECONDS = 120;

    /** How it ended, and what it printed. */
    public record Ended(int exitCode, String output) {}

    private Program() {}

    /** Skips the test by name where that is not installed. */
    public static void assumeInstalled(String name, String notDone) {
        if (!Files.exists(INSTALLED.resolve(name + ".installed"))) {
            var reason = notDone + " by " + name + ": it is not installed here (src/test/clients/install.sh).";
            System.out.println(reason);
            Assumptions.abort(reason);
        }
    }

    /** Runs it with those settings in its environment, and waits for its end. */
    public static Ended run(Path folder, Map<String, String> settings, String... command) {
        try {
            var output = Files.createTempFile(folder, "program", ".out");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(settings);
            var process = builder.start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it does not end: " + Files.readString(output));
            }
            return new Ended(process.exitValue(), Files.readString(output));
        } catch (IOException failure) {
            throw new AssertionError("cannot run " + command[0], failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
