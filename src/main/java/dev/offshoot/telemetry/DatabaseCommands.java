package dev.offshoot.telemetry;

import com.mongodb.event.CommandEvent;
import com.mongodb.event.CommandFailedEvent;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import com.mongodb.reactivestreams.client.ReactiveContextProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.quarkus.mongodb.runtime.MongoRequestContext;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;

/**
 * Times the database's commands, and makes each a span beneath the request or job that sent it. Metrics and spans hold
 * only a command's name, its collection and how it ended, because its content belongs to the customers.
 */
@Singleton
public class DatabaseCommands implements CommandListener {
    private static final String NO_COLLECTION = "none";
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2)
    };

    private final MeterRegistry metrics;
    private final Traces traces;
    private final Map<Integer, Sent> underWay = new ConcurrentHashMap<>();
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    DatabaseCommands(MeterRegistry metrics, Traces traces) {
        this.metrics = metrics;
        this.traces = traces;
    }

    private record Sent(String collection, Span span) {}

    private record Series(String collection, String command, String outcome) {}

    /** Passes the current span to the driver's threads, which have no context of their own. */
    @Produces
    @Singleton
    static ReactiveContextProvider callers() {
        return subscriber -> new MongoRequestContext(Traces.current());
    }

    @Override
    public void commandStarted(CommandStartedEvent event) {
        var command = event.getCommandName();
        var collection = collection(command, event.getCommand());
        var span = traces.command(caller(event), command + " " + collection);
        span.setAttribute("db.system.name", "mongodb")
                .setAttribute("db.operation.name", command)
                .setAttribute("db.collection.name", collection);
        underWay.put(event.getRequestId(), new Sent(collection, span));
    }

    @Override
    public void commandSucceeded(CommandSucceededEvent event) {
        end(event, "success", event.getElapsedTime(TimeUnit.NANOSECONDS));
    }

    /** Reports an error only by its type, because the server's messages may quote stored data. */
    @Override
    public void commandFailed(CommandFailedEvent event) {
        var sent = underWay.get(event.getRequestId());
        if (sent != null) {
            sent.span()
                    .setAttribute("error.type", event.getThrowable().getClass().getSimpleName());
            sent.span().setStatus(StatusCode.ERROR);
        }
        end(event, "failure", event.getElapsedTime(TimeUnit.NANOSECONDS));
    }

    private void end(CommandEvent event, String outcome, long nanos) {
        var sent = underWay.remove(event.getRequestId());
        if (sent != null) {
            sent.span().end();
            timers.computeIfAbsent(new Series(sent.collection(), event.getCommandName(), outcome), this::timer)
                    .record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private Timer timer(Series series) {
        return Timer.builder("offshoot.database.commands")
                .tag("collection", series.collection())
                .tag("command", series.command())
                .tag("outcome", series.outcome())
                .serviceLevelObjectives(BUCKETS)
                .description("Commands to the database, by how long each took")
                .register(metrics);
    }

    private static Context caller(CommandEvent event) {
        var sentBy = event.getRequestContext();
        return sentBy == null
                ? Context.root()
                : sentBy.getOrDefault(MongoRequestContext.OTEL_CONTEXT_KEY, Context.root());
    }

    /**
     * Most commands name their collection in the field named after the command. The continuation of a cursor names it
     * in a separate field.
     */
    private static String collection(String command, BsonDocument content) {
        var named = content.get(command.equals("getMore") ? "collection" : command);
        return named != null && named.isString() ? named.asString().getValue() : NO_COLLECTION;
    }
}
