package dev.offshoot.api.partner;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.usage.UsageReading;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/**
 * The call that reads the usage of an organisation beneath the caller's, alone or with everything beneath it
 * ({@code contracts/partner-api.txt}).
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class OrganisationUsageResource {
    private final CurrentRequest current;
    private final Organisations organisations;
    private final UsageReading reading;

    OrganisationUsageResource(CurrentRequest current, Organisations organisations, UsageReading reading) {
        this.current = current;
        this.organisations = organisations;
        this.reading = reading;
    }

    @GET
    @Path("/organisations/{organisation_id}/usage")
    public Uni<PartnerAnswer<UsageData>> ofMonth(@PathParam("organisation_id") OrgId id) {
        var request = UsageRequest.read(current.query());
        var scope = current.caller().scope().beneath();
        return organisations
                .get(scope, id, request.orDeleted())
                .chain(found -> reading.month(scope.narrow(found), request.query()))
                .map(usage -> PartnerAnswer.of("get_organisation_usage_successful", UsageData.of(usage)));
    }
}
