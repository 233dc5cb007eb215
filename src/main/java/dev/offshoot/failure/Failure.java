package dev.offshoot.failure;

import java.util.List;
import java.util.Set;

/**
 * What can go wrong, for a caller to be told. A failure carries data and no wording: each API writes its own sentence
 * with an exhaustive switch. Whatever is not a failure is a bug and is answered as that API's 500.
 */
public sealed interface Failure {

    /** Which failure this is, for a switch that names every one. */
    Kind kind();

    /** One constant for each failure. */
    enum Kind {
        UNAUTHENTICATED,
        FORBIDDEN,
        ADDRESS_REFUSED,
        NOT_FOUND,
        INVALID,
        MALFORMED_BODY,
        EXTERNAL_ID_TAKEN,
        MEMBER_EXISTS,
        LAST_OWNER,
        LIMIT_EXCEEDED,
        ADDRESS_TAKEN,
        CALLER_LOCKED_OUT,
        LAST_PARTNER_KEY,
        DEPTH_EXCEEDED,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        UNSUPPORTED_MEDIA_TYPE,
        BODY_TOO_LARGE,
        BAD_MESSAGE,
        UNAVAILABLE,
        INTERNAL
    }

    /**
     * The credential is missing, malformed, unknown, disabled, revoked, expired or of no use here; which, is never told.
     *
     * @param stale the credential was right and only its nonce was not (RFC 7616, section 3.3)
     */
    record Unauthenticated(boolean stale) implements Failure {
        public Unauthenticated() {
            this(false);
        }

        @Override
        public Kind kind() {
            return Kind.UNAUTHENTICATED;
        }
    }

    /** The caller's roles do not allow the call. */
    record Forbidden() implements Failure {
        @Override
        public Kind kind() {
            return Kind.FORBIDDEN;
        }
    }

    /** The key is used from an address that is not on its list. */
    record AddressRefused(String address) implements Failure {
        @Override
        public Kind kind() {
            return Kind.ADDRESS_REFUSED;
        }
    }

    /** The address is on the key's list already. */
    record AddressTaken(String address) implements Failure {
        @Override
        public Kind kind() {
            return Kind.ADDRESS_TAKEN;
        }
    }

    /** The change would shut out the very key and address that it comes from. */
    record CallerLockedOut() implements Failure {
        @Override
        public Kind kind() {
            return Kind.CALLER_LOCKED_OUT;
        }
    }

    /** The root would lose the last partner key that opens it for ever and from everywhere. */
    record LastPartnerKey() implements Failure {
        @Override
        public Kind kind() {
            return Kind.LAST_PARTNER_KEY;
        }
    }

    /** What was asked for is not there for this caller, which covers everything outside its tree. */
    record NotFound(Subject subject) implements Failure {
        @Override
        public Kind kind() {
            return Kind.NOT_FOUND;
        }
    }

    /** The query or the body breaks rules; every broken one is named. */
    record Invalid(Source source, List<Violation> violations) implements Failure {
        public Invalid {
            violations = List.copyOf(violations);
        }

        @Override
        public Kind kind() {
            return Kind.INVALID;
        }
    }

    /** The body can't be read as a JSON object at all. */
    record MalformedBody(BodyFault fault) implements Failure {
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

    /** The organisation has a member with that user id already. */
    record MemberExists() implements Failure {
        @Override
        public Kind kind() {
            return Kind.MEMBER_EXISTS;
        }
    }

    /** The organisation would lose the last of its owners. */
    record LastOwner() implements Failure {
        @Override
        public Kind kind() {
            return Kind.LAST_OWNER;
        }
    }

    /** The organisation has as many of those as it may have. */
    record LimitExceeded(Limited what, int limit) implements Failure {
        @Override
        public Kind kind() {
            return Kind.LIMIT_EXCEEDED;
        }
    }

    /** The new organisation would lie deeper than the tree may grow; the limit is a depth, the root's being 0. */
    record DepthExceeded(int limit) implements Failure {
        @Override
        public Kind kind() {
            return Kind.DEPTH_EXCEEDED;
        }
    }

    /** The path exists and the method does not; the allowed methods go into {@code Allow}. */
    record MethodNotAllowed(Set<String> allowed) implements Failure {
        public MethodNotAllowed {
            allowed = Set.copyOf(allowed);
        }

        @Override
        public Kind kind() {
            return Kind.METHOD_NOT_ALLOWED;
        }
    }

    /** No media type that the client accepts can be produced. */
    record NotAcceptable() implements Failure {
        @Override
        public Kind kind() {
            return Kind.NOT_ACCEPTABLE;
        }
    }

    /** The body is not declared as JSON in UTF-8. */
    record UnsupportedMediaType() implements Failure {
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

    /** That part of the HTTP message breaks its protocol. */
    record BadMessage(MessagePart part) implements Failure {
        @Override
        public Kind kind() {
            return Kind.BAD_MESSAGE;
        }
    }

    /** The service can't answer now; the client may try again after that many seconds. */
    record Unavailable(int retryAfterSeconds) implements Failure {
        @Override
        public Kind kind() {
            return Kind.UNAVAILABLE;
        }
    }

    /** A bug: logged once, told without detail. */
    record Internal() implements Failure {
        @Override
        public Kind kind() {
            return Kind.INTERNAL;
        }
    }

    /** Where the values stood that break rules. */
    enum Source {
        QUERY,
        BODY
    }

    /** What was looked for. */
    enum Subject {
        /** A path that no API has. */
        PATH,
        ORGANISATION,
        API_KEY,
        ACCESS_ENTRY,
        MEMBER,
        PLAN
    }

    /** What an organisation can have a limited number of. */
    enum Limited {
        MEMBERS,
        OWNERS
    }

    /** A part of an HTTP message that has a form of its own. */
    enum MessagePart {
        HOST,
        /** What the request is aimed at (RFC 9112, section 3.2). */
        TARGET
    }

    /** Why a body is not the JSON that it should be. */
    enum BodyFault {
        EMPTY,
        NOT_JSON,
        DUPLICATE_KEY,
        TOO_DEEP,
        NOT_AN_OBJECT,
        NOT_A_LIST
    }

    /** This failure as something to throw or to fail a {@code Uni} with. */
    default FailureException asException() {
        return new FailureException(this);
    }
}
