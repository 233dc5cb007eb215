package dev.offshoot.api.http;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoClientException;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoServerUnavailableException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoWriteConcernException;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.scope.ScopedRepository;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import java.util.Set;
import org.jboss.logging.Logger;

/** Turns a thrown exception into the failure that it means. Anything unexpected is a bug, and is logged once here. */
@ApplicationScoped
class Failures {
    private static final Logger LOG = Logger.getLogger(Failures.class);
    private static final int RETRY_AFTER_SECONDS = 1;

    private final Counter databaseUnavailable;

    Failures(MeterRegistry metrics) {
        databaseUnavailable = Counter.builder("offshoot.database.unavailable")
                .description("Requests that the database did not answer in time, or at all")
                .register(metrics);
    }

    /** The failure of a request whose time limit has passed. */
    FailureException databaseTooSlow() {
        return databaseUnavailable().asException();
    }

    Failure failure(Throwable thrown, RequestId id) {
        if (thrown instanceof FailureException expected) {
            return expected.failure();
        }
        if (isDatabaseAway(thrown)) {
            LOG.warnf("The database did not answer in time: request=%s cause=%s", id, thrown.getMessage());
            return databaseUnavailable();
        }
        return ofFramework(thrown, id);
    }

    private Failure databaseUnavailable() {
        databaseUnavailable.increment();
        return new Failure.Unavailable(RETRY_AFTER_SECONDS);
    }

    private static Failure ofFramework(Throwable thrown, RequestId id) {
        if (thrown instanceof NotFoundException) {
            return new Failure.NotFound(Failure.Subject.PATH);
        }
        if (thrown instanceof NotAllowedException) {
            return new Failure.MethodNotAllowed(Set.of());
        }
        if (thrown instanceof NotAcceptableException) {
            return new Failure.NotAcceptable();
        }
        if (thrown instanceof NotSupportedException) {
            return new Failure.UnsupportedMediaType();
        }
        LOG.errorf(thrown, "A request failed unexpectedly: request=%s", id);
        return new Failure.Internal();
    }

    /** Whether the database failed to execute a command, as opposed to refusing it. */
    private static boolean isDatabaseAway(Throwable thrown) {
        return thrown instanceof MongoClientException
                || thrown instanceof MongoSocketException
                || thrown instanceof MongoServerUnavailableException
                || thrown instanceof MongoExecutionTimeoutException
                || thrown instanceof MongoNotPrimaryException
                || thrown instanceof MongoNodeIsRecoveringException
                || thrown instanceof MongoWriteConcernException
                || (thrown instanceof MongoBulkWriteException bulk && bulk.getWriteConcernError() != null)
                || (thrown instanceof MongoException mongo && mongo.hasErrorLabel("RetryableWriteError"))
                || ScopedRepository.isConflict(thrown);
    }
}
