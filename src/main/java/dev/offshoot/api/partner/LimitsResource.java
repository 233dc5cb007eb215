package dev.offshoot.api.partner;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.Retries;
import dev.offshoot.api.http.Retries.Outcome;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.apikey.KeyLimits;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The calls about the rate limit of the keys of an organisation beneath the caller's ({@code api.md}, section 6). */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class LimitsResource {
    private static final String LIMITS = "/organisations/{organisation_id}/limits";

    private final CurrentRequest current;
    private final KeyLimits limits;
    private final PartnerRequests requests;
    private final Retries retries;

    LimitsResource(CurrentRequest current, KeyLimits limits, PartnerRequests requests, Retries retries) {
        this.current = current;
        this.limits = limits;
        this.requests = requests;
        this.retries = retries;
    }

    @GET
    @Path(LIMITS)
    public Uni<PartnerAnswer<LimitsData>> get(@PathParam("organisation_id") OrgId id) {
        return limits.get(scope(), id)
                .map(found -> found.map(LimitsData::of).orElse(LimitsData.NONE))
                .map(data -> PartnerAnswer.of("get_limits_successful", data));
    }

    @PUT
    @Path(LIMITS)
    public Uni<Response> set(@PathParam("organisation_id") OrgId id, byte[] body) {
        var limit = requests.read(body, SetLimitsRequest.class).toRateLimit();
        var scope = scope();
        return retries.once(body, shown -> limits.get(scope, shown), attempt -> limits.set(scope, id, limit, attempt)
                .map(set -> Outcome.showing(id, answer("set_limits_successful", LimitsData.of(set)))));
    }

    @DELETE
    @Path(LIMITS)
    public Uni<Response> remove(@PathParam("organisation_id") OrgId id) {
        var scope = scope();
        return retries.once(attempt -> limits.remove(scope, id, attempt)
                .map(removed -> Outcome.of(answer("remove_limits_successful", LimitsData.NONE))));
    }

    private static Response answer(String identifier, LimitsData data) {
        return Response.ok(PartnerAnswer.of(identifier, data)).build();
    }

    private OrgScope scope() {
        return current.caller().scope().beneath();
    }
}
