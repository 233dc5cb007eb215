package dev.offshoot.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A tool that reads what the service is deployed with, as {@code src/test/clients/install.sh} installs it. A test that
 * needs one that could not be had is skipped, and says so.
 */
enum Checker {
    KUSTOMIZE("kustomize/kustomize"),
    KUBERNETES_VALIDATE("deployment/bin/kubernetes-validate"),
    CHECK_JSONSCHEMA("deployment/bin/check-jsonschema"),
    HADOLINT("deployment/bin/hadolint");

    private final Path program;

    Checker(String program) {
        this.program = Path.of("target/clients", program).toAbsolutePath();
    }

    /** How it ended, with all that it printed. */
    record Result(int code, String output) {}

    Result run(String... arguments) {
        require();
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private void require() {
        if (!Files.isExecutable(program)) {
            var reason = "Not checked with " + program.getFileName()
                    + ": it is not installed here (src/test/clients/install.sh).";
            System.out.println(reason);
            Assumptions.abort(reason);
        }
    }
}
