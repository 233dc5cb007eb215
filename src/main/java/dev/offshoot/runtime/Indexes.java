package dev.offshoot.runtime;

import static com.mongodb.client.model.Indexes.ascending;

import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import io.quarkus.mongodb.reactive.ReactiveMongoClient;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.reactivestreams.FlowAdapters;

/**
 * The indexes of every collection, which the first migration makes. Making them again changes nothing. A further index is
 * a migration of its own, or databases that are there already would never get it.
 */
@Singleton
class Indexes {
    /** An index of a big collection takes longer to build than a request may. */
    private static final int BUILD_HOURS = 6;

    static final Map<String, List<IndexModel>> ALL = Map.of(
            "organisations",
            List.of(
                    plain("parent", "deleted", "_id"),
                    plain("lineage", "deleted", "_id"),
                    plain("parent", "name_key", "_id"),
                    plain("lineage", "name_key", "_id"),
                    unique("organisation_key"),
                    sparseUnique("live_external_key"),
                    sparse("owed.since")),
            "api_keys",
            List.of(plain("lineage", "_id"), plain("organisation", "_id"), sparse("owed.since")),
            "members",
            List.of(plain("organisation", "user_id"), plain("organisation", "membership")),
            "digest_uses",
            List.of(plain("used_at")),
            "usage_records",
            List.of(sparse("underived.day"), sparse("underived.since")),
            "usage_days",
            List.of(plain("organisation", "month"), plain("lineage", "month", "open_month"), sparse("open_month")),
            "usage_months",
            List.of(plain("lineage", "month")));

    private final ReactiveMongoClient mongo;
    private final String database;

    Indexes(ReactiveMongoClient mongo, @ConfigProperty(name = "quarkus.mongodb.database") String database) {
        this.mongo = mongo;
        this.database = database;
    }

    Uni<Void> create() {
        return Multi.createFrom()
                .iterable(ALL.entrySet())
                .onItem()
                .transformToMultiAndConcatenate(indexes -> Multi.createFrom()
                        .publisher(FlowAdapters.toFlowPublisher(mongo.getDatabase(database)
                                .unwrap()
                                .withTimeout(BUILD_HOURS, TimeUnit.HOURS)
                                .getCollection(indexes.getKey())
                                .createIndexes(indexes.getValue()))))
                .onItem()
                .ignoreAsUni();
    }

    private static IndexModel plain(String... fields) {
        return new IndexModel(ascending(fields));
    }

    private static IndexModel sparse(String field) {
        return new IndexModel(ascending(field), new IndexOptions().sparse(true));
    }

    private static IndexModel unique(String field) {
        return new IndexModel(ascending(field), new IndexOptions().unique(true));
    }

    private static IndexModel sparseUnique(String field) {
        return new IndexModel(ascending(field), new IndexOptions().unique(true).sparse(true));
    }
}
