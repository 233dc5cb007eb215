package dev.offshoot.failure;

import java.util.List;
import java.util.Set;

/**
 * What can go wrong and is the caller's business. A failure carries data: each API writes its own sentence with an
 * exhaustive switch. Anything else that is thrown is a bug, and the answer is that API's 500.
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
        INVITATION_EXISTS,
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
     * The credential is missing, malformed, unknown, disabled, revoked, expired or of no use here; the caller never learns
     * which.
     *
     * @param reason which, for the log alone
     * @param stale the credential was right and only its nonce was not (RFC 7616, section 3.3)
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
     * @param reason why not, for the log alone
     */
    record Forbidden(String reason) implements Failure {
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

    /** The root would lose its last partner key without expiry and access list. */
    record LastPartnerKey() implements Failure {
        @Override
        public Kind kind() {
            return Kind.LAST_PARTNER_KEY;
        }
    }

    /** It does not exist for this caller, like everything outside its tree. */
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
    record MalformedBody(Reason reason) implements Failure {
        /** Why not. */
        public enum Reason {
            EMPTY("must not be empty"),
            NOT_JSON("must be well-formed JSON in UTF-8"),
            DUPLICATE_KEY("must not have the same key twice in one object"),
            TOO_DEEP("is nested too deeply or holds too long a number"),
            NOT_AN_OBJECT("must be a JSON object"),
            NOT_A_LIST("must be a JSON array");

            private final String message;

            Reason(String message) {
                this.message = message;
            }

            /** The rest of a sentence that begins with the body. */
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

    /** The organisation has that person as a member already. */
    record MemberExists() implements Failure {
        @Override
        public Kind kind() {
            return Kind.MEMBER_EXISTS;
        }
    }

    /** That person is invited to the organisation already. */
    record InvitationExists() implements Failure {
        @Override
        public Kind kind() {
            return Kind.INVITATION_EXISTS;
        }
    }

    /** The organisation would lose the last of its owners. */
    record LastOwner() implements Failure {
        @Override
        public Kind kind() {
            return Kind.LAST_OWNER;
        }
    }

    /** The organisation has as many of them as it may have. */
    record LimitExceeded(Limited what, int limit) implements Failure {
        @Override
        public Kind kind() {
            return Kind.LIMIT_EXCEEDED;
        }
    }

    /** The new organisation would be deeper than the tree may grow; the limit is a depth, the root's being 0. */
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

    /** A bug: logged once, answered without detail. */
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
        INVITATION,
        PLAN
    }

    /** What an organisation can have a limited number of. */
    enum Limited {
        MEMBERS,
        OWNERS,
        INVITATIONS
    }

    /** A part of an HTTP message that has a form of its own. */
    enum MessagePart {
        HOST,
        /** What the request is aimed at (RFC 9112, section 3.2). */
        TARGET
    }

    /** This failure as something to throw or to fail a {@code Uni} with. */
    default FailureException asException() {
        return new FailureException(this);
    }
}
