package dev.offshoot.runtime;

import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import dev.offshoot.runtime.checks.StartRefused;
import java.util.Objects;
import java.util.stream.Stream;

/** Why a start did not succeed. */
enum NotReadyReason {
    USER_REFUSED,
    DATABASE_UNUSABLE,
    START_REFUSED,
    UNEXPECTED;

    /** A refused user also empties the pool: whoever waits for a connection is told so, with the refusal as the cause. */
    static NotReadyReason of(Throwable failure) {
        if (Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(MongoSecurityException.class::isInstance)) {
            return USER_REFUSED;
        }
        if (failure instanceof MongoException) {
            return DATABASE_UNUSABLE;
        }
        return failure instanceof StartRefused ? START_REFUSED : UNEXPECTED;
    }
}
