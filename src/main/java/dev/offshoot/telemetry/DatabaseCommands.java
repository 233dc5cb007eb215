package dev.offshoot.telemetry;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoWriteConcernException;
import com.mongodb.MongoWriteException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Times the database's commands, each from when the driver gets it until its result is there, and makes each a span beneath
 * the request or job that sent it. Metrics and spans hold only a command's name, its collection and how it ended, because
 * its content belongs to the customers. The driver's own listeners get each command and answer as a document, which
 * costs more than all of this.
 */
@Singleton
public class DatabaseCommands {
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

    public DatabaseCommands(MeterRegistry metrics, Traces traces) {
        this.metrics = metrics;
        this.traces = traces;
    }

    /** The commands of one name to one collection. */
    public Series of(String collection, String command) {
        return new Series(collection, command);
    }

    /** The commands of one name to one collection. Each outcome is a metric from the first time on that there is one. */
    public final class Series {
        private final String collection;
        private final String command;
        private volatile @Nullable Timer successes;
        private volatile @Nullable Timer failures;

        private Series(String collection, String command) {
            this.collection = collection;
            this.command = command;
        }

        /** Begins one, for the request or job whose context ({@link Traces#current}) sends it. */
        public Sent begin(Context caller) {
            return new Sent(this, span(caller), System.nanoTime());
        }

        private Span span(Context caller) {
            return traces.command(caller, command, collection);
        }

        private Timer successes() {
            var timer = successes;
            if (timer == null) {
                timer = timer("success");
                successes = timer;
            }
            return timer;
        }

        private Timer failures() {
            var timer = failures;
            if (timer == null) {
                timer = timer("failure");
                failures = timer;
            }
            return timer;
        }

        private Timer timer(String outcome) {
            return Timer.builder("offshoot.database.commands")
                    .tag("collection", collection)
                    .tag("command", command)
                    .tag("outcome", outcome)
                    .serviceLevelObjectives(BUCKETS)
                    .description("Commands to the database, by how long each took")
                    .register(metrics);
        }
    }

    /** A command that is under way. */
    public record Sent(Series series, Span span, long beganNanos) {
        public void succeeded() {
            span.end();
            series.successes().record(System.nanoTime() - beganNanos, TimeUnit.NANOSECONDS);
        }

        /** Reports an error only by its type, because the server's messages may quote stored data. */
        public void failed(Throwable failure) {
            if (isAnswer(failure)) {
                succeeded();
                return;
            }
            span.setAttribute("error.type", failure.getClass().getSimpleName());
            span.setStatus(StatusCode.ERROR);
            span.end();
            series.failures().record(System.nanoTime() - beganNanos, TimeUnit.NANOSECONDS);
        }

        /** The command was carried out, and what it was to write was refused, such as a duplicate. */
        private static boolean isAnswer(Throwable failure) {
            return failure instanceof MongoWriteException
                    || failure instanceof MongoBulkWriteException
                    || failure instanceof MongoWriteConcernException;
        }
    }
}
