package dev.offshoot.testing;

import java.util.HashMap;
import java.util.Map;

/**
 * As an operator runs it who watches it: with a collector of traces ({@link Spans} stands in for it) and with its
 * background work.
 */
public final class ObservedInstallation extends ProxiedInstallation {
    @Override
    public Map<String, String> start() {
        var settings = new HashMap<>(super.start());
        settings.put("quarkus.scheduler.enabled", "true");
        settings.put("otel.exporter.otlp.endpoint", "http://127.0.0.1:9");
        return settings;
    }
}
