package dev.offshoot.peer;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.types.ObjectId;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Turns a presented key into its caller. A key's look-up is shared for a second, also of a key that does not exist. */
@Component
class Authentication {
    private final ReactiveMongoTemplate mongo;
    private final AsyncCache<String, Optional<Known>> lookUps = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofSeconds(1))
            .buildAsync();

    Authentication(ReactiveMongoTemplate mongo) {
        this.mongo = mongo;
    }

    private record Known(ApiKey key, Caller caller) {}

    @Document("organisations")
    record Status(@Id ObjectId id, boolean deleted, Instant deletedAt, List<ObjectId> deletions, String organisationKey) {}

    /** The caller of a key that is good; nothing for any other. */
    Mono<Caller> caller(String text) {
        return Mono.justOrEmpty(KeySecret.parse(text)).flatMap(secret -> lookUp(secret.id())
                .filter(known -> secret.matches(known.key().digest().getData()) && known.key().isGood(Instant.now()))
                .map(Known::caller));
    }

    private Mono<Known> lookUp(String id) {
        return Mono.fromFuture(lookUps.get(id, (key, executor) -> read(id)
                        .map(Optional::of)
                        .defaultIfEmpty(Optional.empty())
                        .toFuture()), true)
                .flatMap(Mono::justOrEmpty);
    }

    private Mono<Known> read(String id) {
        return mongo.findById(id, ApiKey.class)
                .filter(key -> key.isGood(Instant.now()))
                .flatMap(key -> statuses(key.lineage()).flatMap(statuses -> Mono.justOrEmpty(known(key, statuses))));
    }

    private Mono<List<Status>> statuses(List<ObjectId> lineage) {
        var statuses = query(where("id").in(lineage)).cursorBatchSize(lineage.size() + 1);
        statuses.fields()
                .include("deleted", "deletedAt", "deletions", "organisationKey", "country", "division", "limits");
        return mongo.find(statuses, Status.class).collectList();
    }

    private static Optional<Known> known(ApiKey key, List<Status> statuses) {
        return statuses.size() < key.lineage().size() || statuses.stream().anyMatch(Status::deleted)
                ? Optional.empty()
                : statuses.stream()
                        .filter(status -> status.id().equals(key.organisation()))
                        .findFirst()
                        .map(own -> new Caller(
                                key.id(), key.roles(), key.lineage(), own.organisationKey(), key.end()))
                        .map(caller -> new Known(key, caller));
    }
}
