package dev.offshoot.api.partner;

import dev.offshoot.api.CurrentRequest;
import dev.offshoot.api.TimeLimit;
import dev.offshoot.apikey.Role;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.scope.OrgId;
import dev.offshoot.usage.MonthlyUsage;
import dev.offshoot.usage.Reporter;
import dev.offshoot.usage.UsageReading;
import dev.offshoot.usage.UsageReports;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

/** What organisations used: reported by the vendor's product, read by partners ({@code api.md}, sections 3 and 6). */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class UsageResource {
    private final CurrentRequest current;
    private final Organisations organisations;
    private final UsageReading reading;
    private final UsageReports reports;

    UsageResource(CurrentRequest current, Organisations organisations, UsageReading reading, UsageReports reports) {
        this.current = current;
        this.organisations = organisations;
        this.reading = reading;
        this.reports = reports;
    }

    @GET
    @Path("/organisations/{organisation_id}/usage")
    public Uni<PartnerAnswer<UsageData>> ofOrganisation(@PathParam("organisation_id") OrgId id, UriInfo uri) {
        var request = UsageRequest.read(uri);
        var scope = current.caller().scope().beneath();
        return organisations
                .get(scope, id, request.orDeleted())
                .chain(found -> reading.month(scope, found.id(), request.month()))
                .map(usage -> answer("get_organisation_usage", usage));
    }

    @GET
    @Path("/usage")
    public Uni<PartnerAnswer<UsageData>> ofCaller(UriInfo uri) {
        var request = UsageRequest.read(uri);
        var scope = current.caller().scope();
        return reading.month(scope, scope.root(), request.month()).map(usage -> answer("get_usage", usage));
    }

    @POST
    @Path("/usage-records")
    public Uni<PartnerAnswer<UsageRecordsData>> report(byte[] body) {
        var caller = current.caller();
        var reporter = new Reporter(caller.scope(), caller.has(Role.PARTNER));
        return reports.report(reporter, UsageRecordsRequest.read(body))
                .map(UsageRecordsData::of)
                .map(data -> PartnerAnswer.of("create_usage_records_successful", data));
    }

    private static PartnerAnswer<UsageData> answer(String call, MonthlyUsage usage) {
        return PartnerAnswer.of(call + "_successful", new UsageData(UsageView.of(usage)));
    }
}
