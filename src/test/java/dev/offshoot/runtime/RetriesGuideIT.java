package dev.offshoot.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Program;
import dev.offshoot.testing.ServiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of the page about retries, run against the packaged service, whose first answer is always lost. */
@EnabledIf(
        value = "dev.offshoot.testing.Packaged#hasEmbeddedStore",
        disabledReason = "a native image has no demo store")
class RetriesGuideIT {
    private static final Path PAGE = Path.of("src/docs/retries.md");

    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final HttpServer losing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    @TempDir
    Path folder;

    RetriesGuideIT() throws IOException {}

    @AfterEach
    void stop() {
        losing.stop(0);
    }

    @ParameterizedTest
    @CsvSource({"sh, bash", "python, python3", "js, node"})
    void exampleCreatesOneOrganisationAndGetsItsKeyThoughAnAnswerIsLost(String language, String program)
            throws IOException {
        try (var service =
                ServiceProcess.start(folder, Map.of("offshoot.demo", "true", "offshoot.demo-store", "memory"))) {
            losing.createContext("/", exchange -> forward(service.base(), exchange));
            losing.start();
            var example = folder.resolve("example." + language);
            var base = "http://127.0.0.1:" + losing.getAddress().getPort();
            Files.writeString(example, example(language).replace("http://localhost:8080", base));

            var ended = Program.run(folder, Map.of("OFFSHOOT_KEY", service.shownKey()), program, example.toString());

            assertThat(ended.exitCode()).as(ended.output()).isZero();
            assertThat(answered).hasSize(1);
            var client = service.client(service.shownKey());
            assertThat(client.list("").organisations()).hasSize(1);
            var shown = Http.json(ended.output().substring(ended.output().indexOf('{')));
            var key = shown.at("/data/organisation/organisation_api_key").textValue();
            assertThat(client.verify(key).code()).isEqualTo("valid");
        }
    }

    /** Closes the connection in place of the first answer under each name. */
    private void forward(String base, HttpExchange exchange) throws IOException {
        var sent = exchange.getRequestHeaders();
        var request = Http.request(
                        base,
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString())
                .body(exchange.getRequestBody().readAllBytes());
        for (var name : Set.of("x-api-key", "Idempotency-Key", "Content-Type")) {
            request.header(name, sent.getFirst(name));
        }
        var answer = request.send();
        if (!answered.add(sent.getFirst("Idempotency-Key"))) {
            assertThat(answer.header("Idempotent-Replayed")).isEqualTo("true");
            var body = answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static String example(String language) throws IOException {
        var block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}
