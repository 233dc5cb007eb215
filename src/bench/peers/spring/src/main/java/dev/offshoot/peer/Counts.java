package dev.offshoot.peer;

import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Counts in memory how often and when keys were used, and writes it every two and every thirty seconds. */
@Component
class Counts {
    private static final int BATCH = 500;
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

    private final ReactiveMongoTemplate mongo;
    private final String field = "counts." + UUID.randomUUID() + "_1";
    private final Map<String, Count> requests = new ConcurrentHashMap<>();
    private final Map<String, Use> uses = new ConcurrentHashMap<>();

    Counts(ReactiveMongoTemplate mongo) {
        this.mongo = mongo;
    }

    private record Count(Caller caller, LocalDate day, long total, long written) {
        String id() {
            return caller.root() + "/" + day;
        }
    }

    private record Use(String key, Instant at, String address) {}

    void used(Caller caller, String address) {
        uses.put(caller.key(), new Use(caller.key(), Organisations.now(), address));
    }

    void requests(Caller caller, long count) {
        var today = LocalDate.now(ZoneOffset.UTC);
        requests.compute(caller.root() + "/" + today, (id, known) -> known == null
                ? new Count(caller, today, count, 0)
                : new Count(known.caller(), today, known.total() + count, known.written()));
    }

    @Scheduled(fixedDelay = 2_000)
    Mono<Void> flushRequests() {
        var waiting = requests.values().stream()
                .filter(count -> count.total() > count.written())
                .toList();
        return Flux.fromIterable(waiting).buffer(BATCH).concatMap(this::write).then();
    }

    @Scheduled(fixedDelay = 30_000)
    Mono<Void> flushUses() {
        var taken = List.copyOf(uses.values());
        taken.forEach(use -> uses.remove(use.key(), use));
        return Flux.fromIterable(taken)
                .map(Counts::noted)
                .buffer(BATCH)
                .concatMap(batch -> bulkWrite("api_keys", batch))
                .then();
    }

    private Mono<Void> write(List<Count> batch) {
        return bulkWrite("usage_days", batch.stream().map(this::raised).toList())
                .doOnSuccess(done -> batch.forEach(written -> requests.computeIfPresent(
                        written.id(),
                        (id, count) -> new Count(count.caller(), count.day(), count.total(), written.total()))));
    }

    private Mono<Void> bulkWrite(String collection, List<WriteModel<Document>> batch) {
        return mongo.getCollection(collection)
                .flatMap(into -> Mono.from(into.bulkWrite(batch, UNORDERED)))
                .then();
    }

    private WriteModel<Document> raised(Count count) {
        var caller = count.caller();
        var update = Updates.combine(
                Updates.max(field, count.total()),
                Updates.inc("revision", 1L),
                Updates.setOnInsert("tenant", Organisation.tenantOf(caller.lineage())),
                Updates.setOnInsert("organisation", caller.root()),
                Updates.setOnInsert("lineage", caller.lineage()),
                Updates.setOnInsert("month", count.day().toString().substring(0, "yyyy-MM".length())),
                Updates.setOnInsert("sums", new Document("requests", "0")),
                Updates.setOnInsert("absorbed", List.of()),
                Updates.setOnInsert("derivation", new ObjectId()));
        return new UpdateOneModel<>(Filters.eq("_id", count.id()), update, new UpdateOptions().upsert(true));
    }

    private static WriteModel<Document> noted(Use use) {
        return new UpdateOneModel<>(
                Filters.and(
                        Filters.eq("_id", use.key()), Filters.not(Filters.gte("last_used_at", use.at()))),
                Updates.combine(
                        Updates.set("last_used_at", use.at()), Updates.set("last_used_from", use.address())));
    }
}
