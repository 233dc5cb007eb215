package dev.offshoot.api.http;

import dev.offshoot.database.DatabaseGate;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import java.time.Duration;
import java.util.Set;
import org.jboss.logging.Logger;

/** Turns a thrown exception into the failure that it means. Anything unexpected is a bug, and is logged once here. */
@ApplicationScoped
class Failures {
    private static final Logger LOG = Logger.getLogger(Failures.class);

    private final DatabaseGate database;

    Failures(DatabaseGate database) {
        this.database = database;
    }

    /** The failure of a request whose time limit has passed. */
    FailureException databaseTooSlow(Duration limit) {
        database.waitedInVain(limit);
        return new Failure.Unavailable(Failure.Unavailable.Cause.DATABASE_SLOW).asException();
    }

    Failure failure(Throwable thrown, RequestId id) {
        return thrown instanceof FailureException expected ? expected.failure() : ofFramework(thrown, id);
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
}
