package dev.offshoot.api.partner;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.Retries;
import dev.offshoot.api.http.Retries.Outcome;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.apikey.ApiKeys;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.verification.KeyVerification;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * The calls about the API keys of the caller's own organisation, and those that cover everything beneath it
 * ({@code api.md}, section 6).
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class OwnKeyResource {
    private static final String KEYS = "/api-keys";
    private static final String KEY = KEYS + "/{key_id}";

    private final CurrentRequest current;
    private final KeyCalls calls;
    private final Organisations organisations;
    private final ApiKeys keys;
    private final KeyVerification verification;
    private final PartnerRequests requests;
    private final Retries retries;

    OwnKeyResource(
            CurrentRequest current,
            KeyCalls calls,
            Organisations organisations,
            ApiKeys keys,
            KeyVerification verification,
            PartnerRequests requests,
            Retries retries) {
        this.current = current;
        this.calls = calls;
        this.organisations = organisations;
        this.keys = keys;
        this.verification = verification;
        this.requests = requests;
        this.retries = retries;
    }

    @GET
    @Path(KEYS)
    public Uni<RestResponse<PartnerAnswer<KeysData>>> list() {
        var query = current.query();
        if (!ListRequest.isSubtree(query, false)) {
            return calls.list(scope(), scope().root(), query);
        }
        var listing = ListRequest.keys(query, current.caller(), scope(), null);
        return calls.list(listing, KeyView::withOrganisation);
    }

    @POST
    @Path(KEYS)
    public Uni<Response> mint(byte[] body) {
        return calls.mint(scope(), scope().root(), body);
    }

    @POST
    @Path(KEYS + "/verify")
    public Uni<PartnerAnswer<VerificationData>> verify(byte[] body) {
        var asked = requests.read(body, VerifyKeyRequest.class);
        return verification
                .verify(current.caller(), asked.apiKey(), asked.from(), asked.requests())
                .map(verified -> VerificationData.of(verified.check()))
                .map(data -> PartnerAnswer.of("verify_api_key_successful", data));
    }

    @POST
    @Path(KEYS + "/revoke")
    @TimeLimit(seconds = TimeLimit.REVOCATION_SECONDS)
    public Uni<Response> revokeAll(byte[] body) {
        var scope = scope();
        var roles = current.caller().handles();
        var revoked = requests.read(body, RevokeKeysRequest.class).organisationId();
        return retries.once(body, id -> organisations.get(scope, id, false), attempt -> organisations
                .get(scope, revoked, false)
                .chain(organisation -> keys.revokeAll(scope, organisation, roles, attempt))
                .map(count -> PartnerAnswer.of("revoke_api_keys_successful", new RevocationData(count)))
                .map(answer -> Outcome.showing(revoked, Response.ok(answer).build())));
    }

    @GET
    @Path(KEY)
    public Uni<PartnerAnswer<KeyData>> get(@PathParam("key_id") String key) {
        return calls.get(scope(), scope().root(), key);
    }

    @PATCH
    @Path(KEY)
    public Uni<Response> update(@PathParam("key_id") String key, byte[] body) {
        return calls.update(scope(), scope().root(), key, body);
    }

    @DELETE
    @Path(KEY)
    public Uni<Response> revoke(@PathParam("key_id") String key) {
        return calls.revoke(scope(), scope().root(), key);
    }

    @POST
    @Path(KEY + "/rotate")
    public Uni<Response> rotate(@PathParam("key_id") String key, byte[] body) {
        return calls.rotate(scope(), scope().root(), key, body);
    }

    private OrgScope scope() {
        return current.caller().scope();
    }
}
