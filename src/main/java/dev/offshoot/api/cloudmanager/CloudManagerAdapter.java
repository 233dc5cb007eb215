package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.ApiAdapter;
import dev.offshoot.api.http.Incoming;
import dev.offshoot.api.http.Routes;
import dev.offshoot.apikey.Caller;
import dev.offshoot.apikey.KeyAuthenticator;
import dev.offshoot.apikey.KeyCheck.Reason;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.KeySource;
import dev.offshoot.apikey.Role;
import dev.offshoot.digest.DigestUseRepository;
import dev.offshoot.digest.NonceCounts;
import dev.offshoot.digest.Nonces;
import dev.offshoot.failure.Failure;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.KeyId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The Cloud Manager API: HTTP Digest (RFC 7616), the key id as user name and the key as password. */
@Singleton
class CloudManagerAdapter implements ApiAdapter {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final KeyAuthenticator keys;
    private final DigestUseRepository uses;
    private final Nonces nonces;
    private final NonceCounts counts;
    private final Answers answers;
    private final Clock clock;

    CloudManagerAdapter(
            KeyAuthenticator keys,
            DigestUseRepository uses,
            Nonces nonces,
            NonceCounts counts,
            Answers answers,
            Clock clock) {
        this.keys = keys;
        this.uses = uses;
        this.nonces = nonces;
        this.counts = counts;
        this.answers = answers;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "cloud-manager";
    }

    @Override
    public List<String> prefixes() {
        return CloudManagerRoutes.PREFIXES;
    }

    @Override
    public Routes routes() {
        return CloudManagerRoutes.ALL;
    }

    /**
     * A nonce that is none of ours is stale whatever else was sent, which tells nobody anything and costs no look-up. Of one
     * of ours the digest is checked first: only a caller that knows the key learns that it is stale.
     */
    @Override
    public Uni<Caller> authenticate(Incoming request) {
        var sent = credentials(request);
        if (sent.isEmpty()) {
            return refused(sentNothing(request) ? Reason.MISSING : Reason.MALFORMED);
        }
        var credentials = sent.get();
        return nonces.issuedAt(credentials.nonce())
                .map(issued -> authenticate(request, credentials, issued))
                .orElseGet(CloudManagerAdapter::stale);
    }

    private Uni<Caller> authenticate(Incoming request, DigestCredentials credentials, Instant issued) {
        var key = KeyId.parse(credentials.username());
        if (key.isEmpty() || !request.isTarget(credentials.uri())) {
            return refused(Reason.MALFORMED);
        }
        return keys.authenticate(
                        key.get(),
                        ha1 -> credentials.areOfOneWhoKnows(ha1, request.method()),
                        KeySource.at(request.address()))
                .map(check -> check.callerOr(reason -> new Failure.Unauthenticated(reason.text())))
                .chain(caller -> use(credentials, issued, caller));
    }

    /** Of a call that writes, the nonce and its count are used up on every replica. */
    @Override
    public Uni<Void> preventReplay(Caller caller, Incoming request) {
        if (READING.contains(request.method())) {
            return Uni.createFrom().voidItem();
        }
        var credentials = credentials(request).orElseThrow();
        return uses.note(caller.scope(), credentials.nonce(), credentials.countValue(), clock.instant())
                .chain(first -> first ? Uni.createFrom().voidItem() : stale());
    }

    @Override
    public boolean knows(Caller caller) {
        return caller.hasAny(Role.READERS);
    }

    /** Keys of the data plane are no users here. */
    @Override
    public Failure roleRefused(Caller caller) {
        return knows(caller)
                ? new Failure.Forbidden(Reason.ROLE.text())
                : new Failure.Unauthenticated(Reason.ROLE.text());
    }

    @Override
    public Failure addressRefused(Incoming request) {
        return new Failure.AddressRefused(
                request.address().map(AddressRange::text).orElse("unknown"));
    }

    @Override
    public Response.ResponseBuilder render(Failure failure, Incoming request) {
        var error = Errors.of(failure, request);
        var response = answers.refused(ResponseFormat.ofError(request), error.error(), error);
        if (failure instanceof Failure.Unauthenticated unauthenticated) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, challenge(unauthenticated.stale()));
        }
        return response;
    }

    private static Optional<DigestCredentials> credentials(Incoming request) {
        return request.only(HttpHeaders.AUTHORIZATION).flatMap(DigestCredentials::parse);
    }

    private Uni<Caller> use(DigestCredentials credentials, Instant issued, Caller caller) {
        return nonces.isUsable(issued) && counts.take(credentials.nonce(), issued, credentials.countValue())
                ? Uni.createFrom().item(caller)
                : stale();
    }

    /** The directives and their form are the contract's: clients refuse one more, and one that is written otherwise. */
    private String challenge(boolean stale) {
        return "Digest realm=\"" + KeySecret.DIGEST_REALM + "\", domain=\"\", nonce=\"" + nonces.mint()
                + "\", algorithm=MD5, qop=\"auth\", stale=" + stale;
    }

    private static boolean sentNothing(Incoming request) {
        return !request.http().headers().contains(HttpHeaders.AUTHORIZATION);
    }

    private static Uni<Caller> refused(Reason reason) {
        return Uni.createFrom().failure(new Failure.Unauthenticated(reason.text()).asException());
    }

    private static <T> Uni<T> stale() {
        return Uni.createFrom().failure(new Failure.Unauthenticated("stale_nonce", true).asException());
    }
}
