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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What organisations used: reported by the vendor's product, read by partners ({@code api.md}, sections 3 and 6). */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
@Tag(name = "Usage")
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
    @Operation(
            operationId = "get_organisation_usage",
            summary = "Storage and API requests of one organisation in one month")
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
    @Operation(
            operationId = "get_usage",
            summary = "Storage and API requests of the caller's own organisation in one month")
    public Uni<PartnerAnswer<UsageData>> ofCaller(UriInfo uri) {
        var request = UsageRequest.read(uri);
        var scope = current.caller().scope();
        return reading.month(scope, scope.root(), request.month()).map(usage -> answer("get_usage", usage));
    }

    @POST
    @Path("/usage-records")
    @Operation(operationId = "create_usage_records", summary = "Report what organisations used, up to 1,000 records")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = UsageRecordsRequest.class)))
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
