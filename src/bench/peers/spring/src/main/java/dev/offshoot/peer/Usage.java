package dev.offshoot.peer;

import static org.springframework.data.mongodb.core.query.Criteria.where;

import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.springframework.data.annotation.Id;
import org.springframework.data.domain.Sort;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Reads an organisation's usage of a month: its closed month, or its days as they are. */
@Component
class Usage {
    private static final BigInteger COUNTED = BigInteger.valueOf(1_000_000);
    private static final BigInteger MAX_FIGURE = BigInteger.valueOf((1L << 53) - 1);
    private static final int DAYS_OF_MONTH = 31;

    private final ReactiveMongoTemplate mongo;

    Usage(ReactiveMongoTemplate mongo) {
        this.mongo = mongo;
    }

    @Document("usage_months")
    record Month(
            @Id String id,
            Map<String, Decimal128> levels,
            Map<String, Decimal128> requests,
            int version,
            Instant closedAt) {}

    @Document("usage_days")
    record Day(@Id String id, Sums sums, Map<String, Long> counts) {}

    record Sums(String requests, Long largest, String corrections) {}

    /** A day's count, and its level if one was reported. */
    private record Figures(BigInteger requests, BigInteger level) {}

    /** What may be pending is read first, so that figures are never called complete too early. */
    Mono<Views.UsageView> month(Organisation organisation, YearMonth month) {
        return isPending(organisation.id(), month)
                .flatMap(isPending -> closed(organisation.id(), month)
                        .map(closed -> view(organisation, month, closed, isPending))
                        .switchIfEmpty(Mono.defer(() -> open(organisation, month))));
    }

    private Mono<Boolean> isPending(ObjectId id, YearMonth month) {
        var underived = Organisations.inside(
                id,
                where("underived.day").gte(id + "/" + month.atDay(1)).lte(id + "/" + month.atEndOfMonth()));
        var pending = figures(Organisations.inside(
                        id,
                        where("organisation").is(id),
                        where("month").is(month.toString()),
                        where("task_due_at").gte(Instant.EPOCH)))
                .limit(1);
        return Mono.zip(
                mongo.findOne(underived, org.bson.Document.class, "usage_records").hasElement(),
                mongo.find(pending, Day.class).hasElements(),
                Boolean::logicalOr);
    }

    private Mono<Month> closed(ObjectId id, YearMonth month) {
        return mongo.findOne(Organisations.inside(id, where("id").is(id + "/" + month)), Month.class)
                .filter(stored -> stored.version() > 0);
    }

    private Mono<Views.UsageView> open(Organisation organisation, YearMonth month) {
        var id = organisation.id();
        var days = figures(Organisations.inside(
                        id, where("organisation").is(id), where("month").is(month.toString())))
                .limit(DAYS_OF_MONTH)
                .cursorBatchSize(DAYS_OF_MONTH + 1);
        return mongo.find(days, Day.class)
                .map(Usage::figures)
                .collectList()
                .map(all -> Views.usage(
                        id, month, false, requests(all), storage(all), all.size(), 0, false, Organisations.now()));
    }

    private static Query figures(Query days) {
        days.fields().include("lineage", "sums", "counts");
        return days.with(Sort.by("id"));
    }

    private static Views.UsageView view(Organisation organisation, YearMonth month, Month closed, boolean isPending) {
        var days = new TreeMap<>(closed.levels())
                .entrySet().stream()
                        .map(day -> figures(whole(day.getValue()), closed.requests().get(day.getKey())))
                        .toList();
        return Views.usage(
                organisation.id(), month, true, requests(days), storage(days), days.size(), closed.version(),
                !isPending, closed.closedAt());
    }

    private static Figures figures(BigInteger level, Decimal128 requests) {
        var isReported = level.mod(COUNTED).signum() > 0;
        return new Figures(whole(requests), isReported ? level.divide(COUNTED).divide(COUNTED) : null);
    }

    private static Figures figures(Day day) {
        var sums = day.sums() == null ? new Sums("0", null, null) : day.sums();
        var counts = day.counts() == null ? Map.<String, Long>of() : day.counts();
        var requests = counts.values().stream()
                .map(BigInteger::valueOf)
                .reduce(new BigInteger(sums.requests()), BigInteger::add);
        return new Figures(bounded(requests), level(sums));
    }

    private static BigInteger level(Sums sums) {
        if (sums.largest() == null && sums.corrections() == null) {
            return null;
        }
        var largest = BigInteger.valueOf(Objects.requireNonNullElse(sums.largest(), 0L));
        return bounded(largest.add(new BigInteger(Objects.requireNonNullElse(sums.corrections(), "0"))));
    }

    private static BigInteger requests(List<Figures> days) {
        return days.stream().map(Figures::requests).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static Views.Storage storage(List<Figures> days) {
        var levels = days.stream().map(Figures::level).filter(Objects::nonNull).toList();
        var byteDays = levels.stream().reduce(BigInteger.ZERO, BigInteger::add);
        return new Views.Storage(
                days.isEmpty() ? BigInteger.ZERO : byteDays.divide(BigInteger.valueOf(days.size())),
                levels.stream().max(Comparator.naturalOrder()).orElse(BigInteger.ZERO),
                levels.isEmpty() ? BigInteger.ZERO : levels.get(levels.size() - 1),
                byteDays);
    }

    private static BigInteger whole(Decimal128 decimal) {
        return decimal.bigDecimalValue().toBigIntegerExact();
    }

    private static BigInteger bounded(BigInteger sum) {
        return sum.max(BigInteger.ZERO).min(MAX_FIGURE);
    }
}
