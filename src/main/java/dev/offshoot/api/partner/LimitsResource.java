package dev.offshoot.api.partner;

import dev.offshoot.api.http.CurrentRequest;
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

    LimitsResource(CurrentRequest current, KeyLimits limits, PartnerRequests requests) {
        this.current = current;
        this.limits = limits;
        this.requests = requests;
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
    public Uni<PartnerAnswer<LimitsData>> set(@PathParam("organisation_id") OrgId id, byte[] body) {
        var limit = requests.read(body, SetLimitsRequest.class).toRateLimit();
        return limits.set(scope(), id, limit)
                .map(LimitsData::of)
                .map(data -> PartnerAnswer.of("set_limits_successful", data));
    }

    @DELETE
    @Path(LIMITS)
    public Uni<PartnerAnswer<LimitsData>> remove(@PathParam("organisation_id") OrgId id) {
        return limits.remove(scope(), id).replaceWith(PartnerAnswer.of("remove_limits_successful", LimitsData.NONE));
    }

    private OrgScope scope() {
        return current.caller().scope().beneath();
    }
}
