package dev.offshoot.api.partner;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.OrgId;
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

/** The calls about the API keys of an organisation beneath the caller's ({@code api.md}, section 6). */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class OrganisationKeyResource {
    private static final String KEYS = "/organisations/{organisation_id}/api-keys";
    private static final String KEY = KEYS + "/{key_id}";

    private final CurrentRequest current;
    private final KeyCalls calls;

    OrganisationKeyResource(CurrentRequest current, KeyCalls calls) {
        this.current = current;
        this.calls = calls;
    }

    @GET
    @Path(KEYS)
    public Uni<RestResponse<PartnerAnswer<KeysData>>> list(@PathParam("organisation_id") OrgId id) {
        return calls.list(scope(), id, current.query());
    }

    @POST
    @Path(KEYS)
    public Uni<Response> mint(@PathParam("organisation_id") OrgId id, byte[] body) {
        return calls.mint(scope(), id, body);
    }

    @GET
    @Path(KEY)
    public Uni<PartnerAnswer<KeyData>> get(@PathParam("organisation_id") OrgId id, @PathParam("key_id") String key) {
        return calls.get(scope(), id, key);
    }

    @PATCH
    @Path(KEY)
    public Uni<Response> update(@PathParam("organisation_id") OrgId id, @PathParam("key_id") String key, byte[] body) {
        return calls.update(scope(), id, key, body);
    }

    @DELETE
    @Path(KEY)
    public Uni<Response> revoke(@PathParam("organisation_id") OrgId id, @PathParam("key_id") String key) {
        return calls.revoke(scope(), id, key);
    }

    @POST
    @Path(KEY + "/rotate")
    public Uni<Response> rotate(@PathParam("organisation_id") OrgId id, @PathParam("key_id") String key, byte[] body) {
        return calls.rotate(scope(), id, key, body);
    }

    private OrgScope scope() {
        return current.caller().scope().beneath();
    }
}
