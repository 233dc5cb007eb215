package dev.offshoot.failure;

import java.util.List;
import java.util.Set;

/**
 * An expected outcome that stops a request. A failure carries data: each API writes its own sentence for it with an
 * exhaustive switch. Anything else that is thrown is a bug, and each API answers it with its own 500.
 */
public sealed interface Failure {

    /** Identifies the failure, for exhaustive switches. */
    Kind kind();

    /** One constant for each type of failure. */
    enum Kind {
        UNAUTHENTICATED,
        FORBIDDEN,
        ADDRESS_REFUSED,
        NOT_FOUND,
        INVALID,
        MALFORMED_BODY,
        PRECONDITION_FAILED,
        EXTERNAL_ID_TAKEN,
        MEMBER_EXISTS,
        INVITATION_EXISTS,
        LAST_OWNER,
        LIMIT_EXCEEDED,
        ROLL_UP_TOO_LARGE,
        ADDRESS_TAKEN,
        CALLER_LOCKED_OUT,
        LAST_PARTNER_KEY,
        DEPTH_EXCEEDED,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        UNSUPPORTED_MEDIA_TYPE,
        BODY_TOO_LARGE,
        BODY_TOO_SLOW,
        BAD_MESSAGE,
        UNSUPPORTED_FRAMING,
        UNSUPPORTED_VERSION,
        IDEMPOTENCY_KEY_REUSED,
        REQUEST_IN_PROGRESS,
        RATE_LIMITED,
        UNAVAILABLE,
        INTERNAL
    }

    /**
     * The credential is missing, malformed, unknown, revoked, expired, of a deleted organisation or not accepted here.
     * The caller never learns which.
     *
     * @param reason which of these it is, only for the log
     * @param stale whether the credential was right and only its nonce was not (RFC 7616, section 3.3)
     */
    record Unauthenticated(String reason, boolean stale) implements Failure {
        public Unauthenticated(String reason) {
            this(reason, false);
        }

        @Override
        public Kind kind() {
            return Kind.UNAUTHENTICATED;
        }
    }

    /**
     * The caller may not make the call.
     *
     * @param reason why not, only for the log
     */
    record Forbidden(String reason) implements Failure {
        @Override
        public Kind kind() {
            return Kind.FORBIDDEN;
        }
    }

    /** The request comes from an address that is not on the key's access list. */
    record AddressRefused(String address) implements Failure {
        @Override
        public Kind kind() {
            return Kind.ADDRESS_REFUSED;
        }
    }

    /** The address is already on the key's access list. */
    record AddressTaken(String address) implements Failure {
        @Override
        public Kind kind() {
            return Kind.ADDRESS_TAKEN;
        }
    }

    /** The change would lock out the key and address that it comes from. */
    record CallerLockedOut() implements Failure {
        @Override
        public Kind kind() {
            return Kind.CALLER_LOCKED_OUT;
        }
    }

    /** The root partner would lose its last partner key that has neither an expiry nor an access list. */
    record LastPartnerKey() implements Failure {
        @Override
        public Kind kind() {
            return Kind.LAST_PARTNER_KEY;
        }
    }

    /** The object does not exist or is outside the caller's tree. The caller never learns which. */
    record NotFound(Subject subject) implements Failure {
        @Override
        public Kind kind() {
            return Kind.NOT_FOUND;
        }
    }

    /** The query, the body or a header breaks rules. The violations name every broken rule. */
    record Invalid(Source source, List<Violation> violations) implements Failure {
        public Invalid {
            violations = List.copyOf(violations);
        }

        @Override
        public Kind kind() {
            return Kind.INVALID;
        }
    }

    /** The body can't be read as the JSON object or array that the call takes. */
    record MalformedBody(Reason reason) implements Failure {
        /** Why the body can't be read. */
        public enum Reason {
            EMPTY("must not be empty"),
            NOT_JSON("must be well-formed JSON in UTF-8"),
            NOT_GZIP("must be whole and well-formed gzip, as its Content-Encoding says"),
            DUPLICATE_KEY("must not have the same key twice in one object"),
            TOO_DEEP("is nested too deeply or holds too long a number"),
            NOT_AN_OBJECT("must be a JSON object"),
            NOT_A_LIST("must be a JSON array");

            private final String message;

            Reason(String message) {
                this.message = message;
            }

            /** Completes a sentence whose subject is the body. */
            public String message() {
                return message;
            }
        }

        @Override
        public Kind kind() {
            return Kind.MALFORMED_BODY;
        }
    }

    /** The external id belongs to another live child of the same parent. */
    record ExternalIdTaken() implements Failure {
        @Override
        public Kind kind() {
            return Kind.EXTERNAL_ID_TAKEN;
        }
    }

    /** The organisation is not in a state that the caller expects. */
    record PreconditionFailed() implements Failure {
        @Override
        public Kind kind() {
            return Kind.PRECONDITION_FAILED;
        }
    }

    /** The organisation already has that person as a member. */
    record MemberExists() implements Failure {
        @Override
        public Kind kind() {
            return Kind.MEMBER_EXISTS;
        }
    }

    /** That person is already invited to the organisation. */
    record InvitationExists() implements Failure {
        @Override
        public Kind kind() {
            return Kind.INVITATION_EXISTS;
        }
    }

    /** The organisation would lose its last owner. */
    record LastOwner() implements Failure {
        @Override
        public Kind kind() {
            return Kind.LAST_OWNER;
        }
    }

    /** The organisation has reached its limit of members, owners or invitations. */
    record LimitExceeded(Limited what, int limit) implements Failure {
        @Override
        public Kind kind() {
            return Kind.LIMIT_EXCEEDED;
        }
    }

    /** A roll-up of usage would have too many rows, or would be of too many organisations. */
    record RollUpTooLarge(RollUpPart part, int limit) implements Failure {
        @Override
        public Kind kind() {
            return Kind.ROLL_UP_TOO_LARGE;
        }
    }

    /** What a roll-up can have only a limited number of. */
    enum RollUpPart {
        /** Its rows, if it is broken down by children. */
        CHILDREN,
        /** The organisations that have usage. */
        ORGANISATIONS
    }

    /** The new organisation would be deeper in the tree than the limit. The limit is a depth; the root's depth is 0. */
    record DepthExceeded(int limit) implements Failure {
        @Override
        public Kind kind() {
            return Kind.DEPTH_EXCEEDED;
        }
    }

    /** The path exists but does not support the method. The allowed methods go into the {@code Allow} header. */
    record MethodNotAllowed(Set<String> allowed) implements Failure {
        public MethodNotAllowed {
            allowed = Set.copyOf(allowed);
        }

        @Override
        public Kind kind() {
            return Kind.METHOD_NOT_ALLOWED;
        }
    }

    /** The service can't produce any media type that the client accepts. */
    record NotAcceptable() implements Failure {
        @Override
        public Kind kind() {
            return Kind.NOT_ACCEPTABLE;
        }
    }

    /**
     * The body is not declared as JSON in UTF-8, or is encoded.
     *
     * @param acceptedEncodings those that it could have, if its encoding is the reason (RFC 9110, section 15.5.16)
     */
    record UnsupportedMediaType(List<String> acceptedEncodings) implements Failure {
        public UnsupportedMediaType {
            acceptedEncodings = List.copyOf(acceptedEncodings);
        }

        /** Its media type is the reason. */
        public UnsupportedMediaType() {
            this(List.of());
        }

        @Override
        public Kind kind() {
            return Kind.UNSUPPORTED_MEDIA_TYPE;
        }
    }

    /** The body is longer than the limit, in bytes. */
    record BodyTooLarge(long limit) implements Failure {
        @Override
        public Kind kind() {
            return Kind.BODY_TOO_LARGE;
        }
    }

    /** The client did not send the whole body in the time that it has. */
    record BodyTooSlow() implements Failure {
        @Override
        public Kind kind() {
            return Kind.BODY_TOO_SLOW;
        }
    }

    /** The body has a transfer coding other than chunked alone, so that nobody knows where it ends. */
    record UnsupportedFraming() implements Failure {
        @Override
        public Kind kind() {
            return Kind.UNSUPPORTED_FRAMING;
        }
    }

    /** The message is of another version of HTTP than those that are spoken here. */
    record UnsupportedVersion() implements Failure {
        @Override
        public Kind kind() {
            return Kind.UNSUPPORTED_VERSION;
        }
    }

    /** The given part of the HTTP message is malformed. */
    record BadMessage(MessagePart part) implements Failure {
        @Override
        public Kind kind() {
            return Kind.BAD_MESSAGE;
        }
    }

    /** The caller's organisation used this {@code Idempotency-Key} for another request, or with other roles. */
    record IdempotencyKeyReused() implements Failure {
        @Override
        public Kind kind() {
            return Kind.IDEMPOTENCY_KEY_REUSED;
        }
    }

    /**
     * The same request is being done, or was cut off a moment ago.
     *
     * @param retryAfterSeconds when to ask for its answer again
     */
    record RequestInProgress(long retryAfterSeconds) implements Failure {
        @Override
        public Kind kind() {
            return Kind.REQUEST_IN_PROGRESS;
        }
    }

    /**
     * The key has used up its rate limit on this replica.
     *
     * @param retryAfterSeconds when the next request can pass
     */
    record RateLimited(long requestsPerSecond, long retryAfterSeconds) implements Failure {
        @Override
        public Kind kind() {
            return Kind.RATE_LIMITED;
        }
    }

    /** The service can't answer now. The client may try again after the given number of seconds. */
    record Unavailable(Cause cause, int retryAfterSeconds) implements Failure {
        /** Why, for the operator. The client is not told. */
        public enum Cause {
            /** The start is not complete. */
            STARTING,
            /** There are more requests at once than this process takes on. */
            TOO_MANY_REQUESTS,
            /** There are more pages of documentation on their way to clients than this process sends at once. */
            TOO_MANY_DOCUMENTS,
            /** The database has so much to do that the request got no permit in time. */
            OVERLOADED,
            /** The database can't be reached. */
            DATABASE_AWAY,
            /** The database did not answer in time. */
            DATABASE_SLOW,
            /** The database answered with an error that passes. */
            DATABASE_ERROR,
            /** Too many keys that nobody has were presented. */
            UNKNOWN_KEYS,
            /** Simultaneous changes of the same record came first, time and again. */
            CONTENTION,
            /** The client has gone, so that nobody reads the answer. */
            CLIENT_GONE
        }

        /** The client may try again in a second. */
        public Unavailable(Cause cause) {
            this(cause, 1);
        }

        @Override
        public Kind kind() {
            return Kind.UNAVAILABLE;
        }
    }

    /** A bug. It is logged once and answered without detail. */
    record Internal() implements Failure {
        @Override
        public Kind kind() {
            return Kind.INTERNAL;
        }
    }

    /** Where the invalid values come from. */
    enum Source {
        QUERY,
        BODY,
        HEADER
    }

    /** What the request looked for. */
    enum Subject {
        /** A path that no API has. */
        PATH,
        ORGANISATION,
        API_KEY,
        ACCESS_ENTRY,
        MEMBER,
        INVITATION,
        PLAN
    }

    /** What an organisation can have only a limited number of. */
    enum Limited {
        MEMBERS,
        OWNERS,
        INVITATIONS
    }

    /** A part of an HTTP message that can be malformed. */
    enum MessagePart {
        HEADER,
        HOST,
        /** The request target (RFC 9112, section 3.2). */
        TARGET
    }

    /** Wraps this failure in an exception, to throw or to fail a {@code Uni} with. */
    default FailureException asException() {
        return new FailureException(this);
    }
}
