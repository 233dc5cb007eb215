package dev.offshoot.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoNamespace;
import com.mongodb.MongoWriteException;
import com.mongodb.ServerAddress;
import com.mongodb.WriteError;
import com.mongodb.client.result.InsertOneResult;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.quarkus.mongodb.reactive.ReactiveMongoCollection;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an insert does with the errors of a database that real ones answer too rarely to wait for. */
class ScopedRepositoryTest {
    private static final int WRITE_CONFLICT = 112;
    private static final int DEADLOCK = 16_908_292;
    private static final int RETRIES = 10;

    private final AtomicInteger inserts = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(ints = {WRITE_CONFLICT, DEADLOCK})
    void repeatsAnInsertThatWasUndone(int code) {
        insert(RETRIES, code);

        assertThat(inserts).hasValue(RETRIES + 1);
    }

    @Test
    void givesUpAfterTenRetries() {
        assertThatThrownBy(() -> insert(RETRIES + 1, DEADLOCK))
                .satisfies(failure ->
                        assertThat(ScopedRepository.isConflict(failure)).isTrue());
        assertThat(inserts).hasValue(RETRIES + 1);
    }

    @Test
    void doesNotRepeatAnInsertThatWasRefused() {
        var documentTooLarge = 17_419;

        assertThatThrownBy(() -> insert(1, documentTooLarge)).isInstanceOf(MongoWriteException.class);
        assertThat(inserts).hasValue(1);
    }

    /** Inserts a record into a collection whose first commands fail. */
    private void insert(int failures, int code) {
        var scope = Scopes.ofAnOrganisation();
        var repository = new Repository(() -> collection(failures, code));
        repository.insert(scope, new Stamp(scope.lineage()), "id").await().atMost(Duration.ofSeconds(5));
    }

    @SuppressWarnings("unchecked")
    private ReactiveMongoCollection<Stamp> collection(int failures, int code) {
        return (ReactiveMongoCollection<Stamp>) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ReactiveMongoCollection.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("getNamespace")) {
                        return new MongoNamespace("offshoot.records");
                    }
                    return Uni.createFrom().item(() -> {
                        if (inserts.incrementAndGet() <= failures) {
                            throw failure(code);
                        }
                        return InsertOneResult.acknowledged(new BsonInt32(1));
                    });
                });
    }

    private static MongoWriteException failure(int code) {
        return new MongoWriteException(
                new WriteError(code, "undone", new BsonDocument()), new ServerAddress(), Set.of());
    }

    private record Stamp(List<OrgId> lineage) implements Scoped {}

    private interface Raw extends ReactivePanacheMongoRepositoryBase<Stamp, String> {
        ReactiveMongoCollection<Stamp> records();

        @Override
        default ReactiveMongoCollection<Stamp> mongoCollection() {
            return records();
        }
    }

    private static final class Repository extends ScopedRepository<Stamp, String> {
        Repository(Raw raw) {
            super(raw);
        }
    }
}
