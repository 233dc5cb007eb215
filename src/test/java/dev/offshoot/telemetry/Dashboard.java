package dev.offshoot.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.testing.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The dashboard, as far as tests look into it. */
final class Dashboard {
    static final Path FILE = Path.of("src/main/grafana/offshoot.json");

    private Dashboard() {}

    static List<String> queries() throws IOException {
        var queries = new ArrayList<String>();
        for (JsonNode panel : Http.json(Files.readString(FILE)).get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(target.get("expr").textValue());
            }
        }
        return queries;
    }
}
