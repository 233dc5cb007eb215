package dev.offshoot.peer;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import org.bson.types.ObjectId;

/** The Partner API's answers: their fields, in its order. */
final class Views {
    static final String JSON = "application/json;charset=UTF-8";

    private Views() {}

    record Answer<T>(boolean success, String identifier, T data) {
        static <T> Answer<T> of(String call, T data) {
            return new Answer<>(true, call + "_successful", data);
        }
    }

    record Failure(boolean success, String identifier, Detail error) {
        record Detail(String code, String message, String requestId) {}
    }

    static Failure failure(String code, String message, String requestId) {
        return new Failure(false, code, new Failure.Detail(code, message, requestId));
    }

    record OrganisationData(OrganisationView organisation) {}

    record OrganisationView(
            String organisationId,
            String organisationKey,
            String organisationName,
            String country,
            String divisionKey,
            String partnerExternalId,
            @JsonProperty("is_partner") boolean partner,
            Instant deletedAt,
            Instant createdAt,
            Instant updatedAt,
            @JsonInclude(JsonInclude.Include.NON_NULL) String organisationApiKey) {}

    static OrganisationView organisation(Organisation stored, KeySecret key) {
        return new OrganisationView(
                stored.id().toHexString(),
                stored.organisationKey(),
                stored.name(),
                stored.country(),
                stored.division().key(),
                stored.externalId(),
                stored.partner(),
                stored.deletedAt(),
                stored.createdAt(),
                stored.updatedAt(),
                key == null ? null : key.text());
    }

    record OrganisationsData(List<OrganisationView> organisations, Pagination pagination) {}

    record Pagination(CurrentResults currentResults, long totalResults) {
        record CurrentResults(long from, long to) {}
    }

    static OrganisationsData page(List<Organisation> shown, int skip, long total) {
        var current = shown.isEmpty()
                ? new Pagination.CurrentResults(0, 0)
                : new Pagination.CurrentResults(skip + 1L, (long) skip + shown.size());
        var views = shown.stream().map(stored -> organisation(stored, null)).toList();
        return new OrganisationsData(views, new Pagination(current, total));
    }

    record VerificationData(Verification verification) {}

    record Verification(
            boolean valid,
            String code,
            String organisationId,
            String organisationKey,
            String keyId,
            List<String> roles,
            Instant expiresAt) {
        static final Verification UNKNOWN = new Verification(false, "unknown", null, null, null, null, null);

        static Verification of(Caller holder) {
            var roles = holder.roles().stream()
                    .map(role -> role.toLowerCase(Locale.ROOT))
                    .toList();
            return new Verification(
                    true,
                    "valid",
                    holder.root().toHexString(),
                    holder.organisationKey(),
                    holder.key(),
                    roles,
                    holder.expiresAt());
        }
    }

    record UsageData(UsageView usage) {}

    record UsageView(
            String organisationId,
            String usageMonth,
            String source,
            ApiRequests apiRequests,
            Storage storage,
            int daysRecorded,
            long version,
            boolean complete,
            Instant asOf) {}

    record ApiRequests(BigInteger total) {}

    record Storage(BigInteger averageBytes, BigInteger peakBytes, BigInteger latestBytes, BigInteger byteDays) {}

    static UsageView usage(
            ObjectId id,
            YearMonth month,
            boolean isClosed,
            BigInteger requests,
            Storage storage,
            int days,
            long version,
            boolean isComplete,
            Instant asOf) {
        return new UsageView(
                id.toHexString(),
                month.toString(),
                isClosed ? "monthly" : "daily",
                new ApiRequests(requests),
                storage,
                days,
                version,
                isComplete,
                asOf);
    }
}
