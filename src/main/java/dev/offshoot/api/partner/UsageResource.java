package dev.offshoot.api.partner;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.apikey.Role;
import dev.offshoot.usage.Reporter;
import dev.offshoot.usage.UsageReading;
import dev.offshoot.usage.UsageReports;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/**
 * The calls that read the usage of the caller's own organisation or tree, and that report usage ({@code api.md},
 * section 6).
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class UsageResource {
    private final CurrentRequest current;
    private final UsageReading reading;
    private final UsageReports reports;
    private final PartnerRequests requests;

    UsageResource(CurrentRequest current, UsageReading reading, UsageReports reports, PartnerRequests requests) {
        this.current = current;
        this.reading = reading;
        this.reports = reports;
        this.requests = requests;
    }

    @GET
    @Path("/usage")
    public Uni<PartnerAnswer<UsageData>> ofCaller() {
        var request = UsageRequest.read(current.query());
        return reading.month(current.caller().scope(), request.query())
                .map(usage -> PartnerAnswer.of("get_usage_successful", UsageData.of(usage)));
    }

    @POST
    @Path("/usage-records")
    public Uni<PartnerAnswer<UsageRecordsData>> report(byte[] body) {
        var caller = current.caller();
        var trusted = caller.has(Role.PARTNER) || caller.has(Role.GATEWAY);
        var reporter = new Reporter(caller.scope(), trusted);
        var reported = requests.read(body, ReportUsageRequest.class).toReportedUsage();
        return reports.report(reporter, reported)
                .map(UsageRecordsData::of)
                .map(data -> PartnerAnswer.of("create_usage_records_successful", data));
    }
}
