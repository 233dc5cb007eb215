package dev.offshoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Program;
import dev.offshoot.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI documents, as the packaged service serves them, in the hands of other people's programs. */
@EnabledIf(
        value = "dev.offshoot.testing.Cases#allOnJar",
        disabledReason = "is about a demonstration: says nothing of a JDK, and has no other database")
class DocumentsIT {
    private static final String PARTNER = "/q/openapi";
    private static final Path CONFIGURATION =
            Path.of("src/test/clients/documents/redocly.yaml").toAbsolutePath();
    private static final Path PROGRAMS = Program.INSTALLED.resolve("documents/node_modules/.bin");

    @TempDir
    static Path folder;

    private static ServiceProcess service;

    @BeforeAll
    static void start() {
        Program.assumeInstalled("documents", "The OpenAPI documents were not tried");
        service = ServiceProcess.start(folder, Map.of("offshoot.demo", "true", "offshoot.demo-store", "memory"));
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    @Test
    void linterFindsNothing() throws IOException {
        var files = new ArrayList<String>();
        for (var document : ApiDocument.ALL) {
            files.add(save(document.replace('/', '-') + ".json", served(document)));
        }

        var ended = lint(files.toArray(String[]::new));

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("Your API descriptions are valid");
        System.out.println("The OpenAPI documents were judged by Redocly CLI.");
    }

    /** A linter that finds nothing in anything proves nothing. */
    @Test
    void linterFindsWhatIsWrong() throws IOException {
        var broken =
                served(PARTNER).replace("\"operationId\" : \"getUsage\"", "\"operationId\" : \"getOrganisationUsage\"");

        var ended = lint(save("broken.json", broken));

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).contains("operation-operationId-unique");
    }

    /** Types for TypeScript, which its strict compiler takes together with a program that uses them. */
    @Test
    void clientIsGenerated() throws IOException {
        var document = save("partner.json", served(PARTNER));
        // A field of a request that has a default can be left out.
        var generated = run(
                "openapi-typescript",
                document,
                "--default-non-nullable=false",
                "--output",
                folder.resolve("offshoot.ts").toString());
        assertThat(generated.exitCode()).as(generated.output()).isZero();

        var compiled = compile("used.ts", "organisations[0].organisation_name");
        assertThat(compiled.exitCode()).as(compiled.output()).isZero();
        assertThat(compile("misused.ts", "organisations[0].name").output()).contains("Property 'name' does not exist");
    }

    private static Program.Ended compile(String name, String field) throws IOException {
        var program = save(name, """
                import type { components, operations, paths } from "./offshoot";
                type Listed = operations["getOrganisations"]["responses"][200]["content"]["application/json"];
                export const name = (listed: Listed): string => listed.data.%s;
                export const create: components["schemas"]["CreateOrganisation"] =
                    { organisation_name: "A", country: "GB", division_timezone: "Europe/London" };
                export type Usage = paths["/organisations/{organisation_id}/usage"]["get"];
                """.formatted(field));
        return run("tsc", "--noEmit", "--strict", program);
    }

    private static Program.Ended lint(String... files) {
        var command = new ArrayList<>(List.of("lint", "--config", CONFIGURATION.toString()));
        command.addAll(List.of(files));
        return run("redocly", command.toArray(String[]::new));
    }

    private static Program.Ended run(String program, String... arguments) {
        var command = new ArrayList<>(List.of(PROGRAMS.resolve(program).toString()));
        command.addAll(List.of(arguments));
        var quiet = Map.of("REDOCLY_TELEMETRY", "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE", "true", "NO_COLOR", "1");
        return Program.run(folder, quiet, command.toArray(String[]::new));
    }

    private static String served(String document) {
        return Http.request(service.base(), "GET", document + "?format=json")
                .send()
                .body();
    }

    private static String save(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
