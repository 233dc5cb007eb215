package dev.offshoot.testing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Takes the place of the exporter to a collector, and keeps what the service tells it. */
@Singleton
public class Spans implements SpanExporter {
    private static final List<SpanData> EXPORTED = new CopyOnWriteArrayList<>();

    /** All that were exported so far in this run. */
    public static List<SpanData> all() {
        return List.copyOf(EXPORTED);
    }

    /** The spans of one trace, as soon as that one of them has ended. */
    public static List<SpanData> ofTrace(String trace, Predicate<SpanData> last) {
        Awaitility.await("the trace is exported").until(() -> EXPORTED.stream()
                .anyMatch(span -> span.getTraceId().equals(trace) && last.test(span)));
        return EXPORTED.stream().filter(span -> span.getTraceId().equals(trace)).toList();
    }

    public static @Nullable String attribute(SpanData span, String key) {
        return span.getAttributes().get(AttributeKey.stringKey(key));
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        EXPORTED.addAll(spans);
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
