package dev.offshoot.runtime.database;

import dev.offshoot.scope.ScopedRepository;
import io.quarkus.arc.All;
import io.quarkus.mongodb.reactive.ReactiveMongoClient;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.reactivestreams.FlowAdapters;

/**
 * Creates the indexes that the repositories declare. To create them again changes nothing. After a release, each
 * further index needs its own migration, because existing databases would never get it otherwise.
 */
@Singleton
class Indexes {
    /** To build an index of a large collection takes longer than a request may. */
    private static final int BUILD_HOURS = 6;

    private final List<ScopedRepository<?, ?>> repositories;
    private final ReactiveMongoClient mongo;
    private final String database;

    Indexes(
            @All List<ScopedRepository<?, ?>> repositories,
            ReactiveMongoClient mongo,
            @ConfigProperty(name = "quarkus.mongodb.database") String database) {
        this.repositories = List.copyOf(repositories);
        this.mongo = mongo;
        this.database = database;
    }

    Uni<Void> create() {
        return Multi.createFrom()
                .iterable(repositories)
                .onItem()
                .transformToMultiAndConcatenate(this::create)
                .onItem()
                .ignoreAsUni();
    }

    private Multi<String> create(ScopedRepository<?, ?> repository) {
        return Multi.createFrom()
                .publisher(FlowAdapters.toFlowPublisher(mongo.getDatabase(database)
                        .unwrap()
                        .withTimeout(BUILD_HOURS, TimeUnit.HOURS)
                        .getCollection(repository.collection())
                        .createIndexes(repository.indexes())));
    }
}
