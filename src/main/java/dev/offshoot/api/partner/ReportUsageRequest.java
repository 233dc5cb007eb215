package dev.offshoot.api.partner;

import dev.offshoot.usage.RecordId;
import dev.offshoot.usage.ReportedUsage;
import dev.offshoot.value.OrgId;
import dev.offshoot.value.Reason;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a usage report. A record whose form is wrong refuses the whole report; everything else is answered by record. */
@RegisterForReflection
record ReportUsageRequest(
        @NotNull @Size(min = 1, max = 1000) List<@Valid UsageRecordRequest> records) {

    /** One record. A null is an absent field. */
    @RegisterForReflection
    @UsageFigures
    record UsageRecordRequest(
            @NotNull RecordId id,
            @NotNull OrgId organisationId,
            @NotNull LocalDate day,
            @Nullable Long apiRequests,
            @Nullable Long storageBytes,
            @Nullable Reason reason) {

        private ReportedUsage toReportedUsage() {
            return new ReportedUsage(
                    id, organisationId, day, apiRequests, storageBytes, reason == null ? null : reason.text());
        }
    }

    List<ReportedUsage> toReportedUsage() {
        return records.stream().map(UsageRecordRequest::toReportedUsage).toList();
    }
}
