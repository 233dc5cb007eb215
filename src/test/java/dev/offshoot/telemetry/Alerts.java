package dev.offshoot.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** The alert rules, as far as tests look into them. */
final class Alerts {
    private Alerts() {}

    record Alert(String name, String query, String severity, String runbook) {}

    static List<Alert> read() throws IOException {
        var groups = new YAMLMapper()
                .readTree(Path.of("src/main/prometheus/alerts.yaml").toFile())
                .get("groups");
        return StreamSupport.stream(groups.spliterator(), false)
                .flatMap(group -> StreamSupport.stream(group.get("rules").spliterator(), false))
                .map(Alerts::alert)
                .toList();
    }

    private static Alert alert(JsonNode rule) {
        return new Alert(
                rule.get("alert").textValue(),
                rule.get("expr").textValue(),
                rule.at("/labels/severity").textValue(),
                rule.at("/annotations/runbook").textValue());
    }
}
