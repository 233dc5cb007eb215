package dev.offshoot.apikey;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Updates.pull;
import static com.mongodb.client.model.Updates.push;

import dev.offshoot.owed.Owed;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** The keys' collection. */
@Singleton
public class KeyRepository extends ScopedRepository<ApiKey, KeyId> {

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<ApiKey, KeyId> {}

    KeyRepository() {
        super(new Raw());
    }

    /** The key and the scope that it opens, to find out who calls. */
    Uni<Optional<Located<ApiKey>>> identify(KeyId id) {
        return authenticate(id);
    }

    public Uni<Optional<ApiKey>> find(OrgScope scope, KeyId id) {
        return find(scope, eq("_id", id));
    }

    /** Inserts freshly minted keys in one command. */
    public Uni<Void> insertMinted(OrgScope scope, List<ApiKey> keys) {
        return insertAll(scope, keys);
    }

    /** Adds a key of the root partner and gives it back, or the key that has its id already. */
    public Uni<ApiKey> insertRootKey(ApiKey key) {
        return insertFounding(key).chain(() -> identify(key.id())).map(found -> found.orElseThrow()
                .record());
    }

    public Uni<Void> remove(OrgScope scope, List<KeyId> ids) {
        return remove(scope, in("_id", ids));
    }

    /** Lays a deletion on every key in the scope that it has not reached. Keys of deleted organisations are refused. */
    public Uni<Void> layDeletion(OrgScope scope, ObjectId deletion) {
        return updateAll(scope, unreachedBy(deletion), push("deletions", deletion));
    }

    /** Lays a deletion on one key, if it has not reached it. */
    public Uni<Void> layDeletion(OrgScope scope, KeyId id, ObjectId deletion) {
        return updateAll(scope, and(eq("_id", id), unreachedBy(deletion)), push("deletions", deletion));
    }

    public Uni<Void> paid(OrgScope scope, KeyId id, Owed owed) {
        return update(scope, eq("_id", id), pull("owed", eq("id", owed.id()))).replaceWithVoid();
    }

    public Uni<List<Located<ApiKey>>> owing(Instant since, int limit) {
        return waiting("owed.since", since, limit);
    }

    private static Bson unreachedBy(ObjectId deletion) {
        return and(ne("deletions", deletion), ne("restored", deletion));
    }
}
