package dev.offshoot.usage;

import dev.offshoot.organisation.OrganisationPlace;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.usage.RecordResult.Outcome;
import dev.offshoot.usage.RecordResult.RejectionReason;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bson.types.ObjectId;

/** Takes in what the data plane reports. Each record counts once, however often it is reported. */
@Singleton
public class UsageReports {
    private final OrganisationRepository organisations;
    private final UsageRecordRepository records;
    private final DayDerivation derivation;
    private final Clock clock;

    UsageReports(
            OrganisationRepository organisations,
            UsageRecordRepository records,
            DayDerivation derivation,
            Clock clock) {
        this.organisations = organisations;
        this.records = records;
        this.derivation = derivation;
        this.clock = clock;
    }

    /** One reported record: why it is refused, or what is to be stored of it. */
    private record Candidate(
            ReportedUsage reported, Optional<RejectionReason> rejection, Optional<UsageRecord> record) {}

    /**
     * Stores the records that may be reported and are new, and derives their days. The results stand in the records'
     * order. Deleted organisations are reported for like others.
     */
    public Uni<List<RecordResult>> report(Reporter reporter, List<ReportedUsage> reported) {
        var ids = reported.stream().map(ReportedUsage::organisation).distinct().toList();
        return organisations
                .places(reporter.scope(), ids)
                .map(places -> candidates(reporter, reported, places))
                .chain(candidates -> store(reporter.scope(), candidates));
    }

    private List<Candidate> candidates(
            Reporter reporter, List<ReportedUsage> reported, List<OrganisationPlace> places) {
        var report = new ObjectId();
        var now = clock.instant();
        var byId = places.stream().collect(Collectors.toMap(OrganisationPlace::id, Function.identity()));
        return reported.stream()
                .map(record ->
                        candidate(reporter, record, Optional.ofNullable(byId.get(record.organisation())), report, now))
                .toList();
    }

    private static Candidate candidate(
            Reporter reporter,
            ReportedUsage reported,
            Optional<OrganisationPlace> place,
            ObjectId report,
            Instant now) {
        var rejection = place.isEmpty()
                ? Optional.of(RejectionReason.UNKNOWN_ORGANISATION)
                : rejection(reporter, reported, UsageMonth.lastClosable(now));
        var record =
                place.filter(known -> rejection.isEmpty()).map(known -> UsageRecord.of(reported, known, report, now));
        return new Candidate(reported, rejection, record);
    }

    private static Optional<RejectionReason> rejection(
            Reporter reporter, ReportedUsage reported, YearMonth lastClosable) {
        if (!reporter.mayReportFor(reported.organisation())) {
            return Optional.of(RejectionReason.UNKNOWN_ORGANISATION);
        }
        if (!reporter.trusted() && reported.reason() != null) {
            return Optional.of(RejectionReason.CORRECTION_NOT_ALLOWED);
        }
        var closed = !YearMonth.from(reported.day()).isAfter(lastClosable);
        return !reporter.trusted() && closed ? Optional.of(RejectionReason.MONTH_CLOSED) : Optional.empty();
    }

    private Uni<List<RecordResult>> store(OrgScope scope, List<Candidate> candidates) {
        var firsts = firsts(candidates);
        if (firsts.isEmpty()) {
            return Uni.createFrom().item(results(candidates, Map.of()));
        }
        return records.insertNew(scope, List.copyOf(firsts.values()))
                .chain(allNew -> allNew ? Uni.createFrom().item(firsts) : readBack(scope, firsts.keySet()))
                .call(stored -> derive(scope, firsts.values(), stored))
                .map(stored -> results(candidates, stored));
    }

    /** The first record of each id, by that id. */
    private static Map<String, UsageRecord> firsts(List<Candidate> candidates) {
        var firsts = new LinkedHashMap<String, UsageRecord>();
        candidates.stream()
                .flatMap(candidate -> candidate.record().stream())
                .forEach(record -> firsts.putIfAbsent(record.id(), record));
        return firsts;
    }

    private Uni<Map<String, UsageRecord>> readBack(OrgScope scope, Collection<String> ids) {
        return records.byIds(scope, ids)
                .map(stored -> stored.stream().collect(Collectors.toMap(UsageRecord::id, Function.identity())));
    }

    private Uni<Void> derive(OrgScope scope, Collection<UsageRecord> fresh, Map<String, UsageRecord> stored) {
        var changed = fresh.stream()
                .filter(record -> isOurs(record, stored))
                .map(UsageRecord::dayId)
                .collect(Collectors.toSet());
        return changed.isEmpty() ? Uni.createFrom().voidItem() : derivation.derive(scope, changed);
    }

    private static List<RecordResult> results(List<Candidate> candidates, Map<String, UsageRecord> stored) {
        var left = new LinkedHashMap<>(stored);
        return candidates.stream()
                .map(candidate -> result(candidate, stored, left))
                .toList();
    }

    /** @param left the stored records that no result has spoken of yet: the first of an id is the one recorded */
    private static RecordResult result(
            Candidate candidate, Map<String, UsageRecord> stored, Map<String, UsageRecord> left) {
        var reported = candidate.reported();
        if (candidate.record().isEmpty()) {
            return RecordResult.rejected(reported, candidate.rejection().orElseThrow());
        }
        var record = candidate.record().get();
        if (left.remove(record.id()) != null && isOurs(record, stored)) {
            return RecordResult.of(reported, Outcome.RECORDED);
        }
        var same = Optional.ofNullable(stored.get(record.id()))
                .filter(record::saysTheSameAs)
                .isPresent();
        return RecordResult.of(reported, same ? Outcome.DUPLICATE : Outcome.CONFLICT);
    }

    private static boolean isOurs(UsageRecord record, Map<String, UsageRecord> stored) {
        return Optional.ofNullable(stored.get(record.id()))
                .filter(found -> found.report().equals(record.report()))
                .isPresent();
    }
}
