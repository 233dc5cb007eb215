package dev.offshoot.database;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoClientException;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoServerUnavailableException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteConcernException;
import java.util.Set;

/** What a failed command says of the database. */
final class DatabaseErrors {
    /** WriteConflict of MongoDB, and what FerretDB answers to a deadlock of two writes of one unique key. */
    private static final Set<Integer> UNDONE = Set.of(112, 16_908_292);

    /**
     * The server works, but not now: InternalError of FerretDB without its own database, HostUnreachable, HostNotFound,
     * LockTimeout, ExceededTimeLimit, MaxTimeMSExpired, NetworkTimeout, ShutdownInProgress, PrimarySteppedDown,
     * NetworkInterfaceExceededTimeLimit, SocketException, NotWritablePrimary, InterruptedAtShutdown,
     * InterruptedDueToReplStateChange, NotPrimaryNoSecondaryOk and NotPrimaryOrSecondary.
     */
    private static final Set<Integer> PASSING =
            Set.of(1, 6, 7, 24, 50, 89, 91, 189, 202, 262, 9001, 10_107, 11_600, 11_602, 13_435, 13_436);

    private DatabaseErrors() {}

    /** Whether the database undid a write because of a simultaneous one, so that the same write may succeed now. */
    static boolean isUndone(Throwable failure) {
        return failure instanceof MongoException mongo && UNDONE.contains(mongo.getCode());
    }

    /** Whether the database did not carry out the command, or nobody knows whether it did, and may do so later. */
    static boolean isPassing(Throwable failure) {
        return isUndone(failure)
                || isUnreachable(failure)
                || isTimeout(failure)
                || failure instanceof MongoWriteConcernException
                || (failure instanceof MongoBulkWriteException bulk && bulk.getWriteConcernError() != null)
                || (failure instanceof MongoException mongo
                        && (PASSING.contains(mongo.getCode()) || mongo.hasErrorLabel("RetryableWriteError")));
    }

    /** Whether the command did not reach a server that takes commands. */
    static boolean isUnreachable(Throwable failure) {
        return !isTimeoutOfCommand(failure)
                && (failure instanceof MongoClientException
                        || failure instanceof MongoSocketException
                        || failure instanceof MongoServerUnavailableException
                        || failure instanceof MongoNotPrimaryException
                        || failure instanceof MongoNodeIsRecoveringException);
    }

    /** Whether the command took longer than it may. */
    static boolean isTimeout(Throwable failure) {
        return isTimeoutOfCommand(failure) || failure instanceof MongoTimeoutException;
    }

    private static boolean isTimeoutOfCommand(Throwable failure) {
        return failure instanceof MongoOperationTimeoutException
                || failure instanceof MongoExecutionTimeoutException
                || failure instanceof MongoSocketReadTimeoutException;
    }
}
