package dev.offshoot.runtime.database;

import dev.offshoot.runtime.checks.StartRefused;
import dev.offshoot.scope.ScopedRepository;
import io.quarkus.mongodb.reactive.ReactiveMongoClient;
import io.quarkus.mongodb.reactive.ReactiveMongoCollection;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Brings the database to the version that this release needs, before the first request. Each completed step is noted
 * and not repeated. The notes only save work, because every step can safely run twice; they also show which releases
 * can work with the database.
 */
@Singleton
public class Migrations {
    private static final Logger LOG = Logger.getLogger(Migrations.class);
    public static final String COLLECTION = "migrations";

    private final ReactiveMongoCollection<Document> notes;
    private final String database;
    private final Clock clock;
    private final List<Migration> known;

    @Inject
    Migrations(
            ReactiveMongoClient mongo,
            @ConfigProperty(name = "quarkus.mongodb.database") String database,
            Clock clock,
            Indexes indexes) {
        this(mongo, database, clock, List.of(new Migration(1, "indexes", 1, indexes::create)));
    }

    /** @param known the migrations in order of their versions */
    Migrations(ReactiveMongoClient mongo, String database, Clock clock, List<Migration> known) {
        this.database = database;
        this.notes = mongo.getDatabase(database).getCollection(COLLECTION);
        this.clock = clock;
        this.known = List.copyOf(known);
    }

    /** Runs the missing migrations in order. Fails with {@link StartRefused} on a database that is too new. */
    public Uni<Void> run() {
        return notes.find()
                .collect()
                .asList()
                .invoke(this::requireReleased)
                .invoke(this::requireCompatible)
                .map(this::missing)
                .onItem()
                .transformToMulti(Multi.createFrom()::iterable)
                .onItem()
                .transformToUniAndConcatenate(this::carryOut)
                .onItem()
                .ignoreAsUni();
    }

    /**
     * Fails with {@link StartRefused} if the database was never migrated, or is too new. For tasks, which migrate
     * nothing.
     */
    public Uni<Void> requireInstallation() {
        return notes.find()
                .collect()
                .asList()
                .invoke(this::requireAny)
                .invoke(this::requireReleased)
                .invoke(this::requireCompatible)
                .replaceWithVoid();
    }

    private void requireAny(List<Document> done) {
        if (done.isEmpty()) {
            throw new StartRefused(
                    "There is no installation in the database %s. Set QUARKUS_MONGODB_DATABASE and".formatted(database)
                            + " QUARKUS_MONGODB_CONNECTION_STRING to the values that the service uses.");
        }
    }

    /** Fails if a noted step has another name here: a version that was never released took it. */
    private void requireReleased(List<Document> done) {
        var isUnreleased = known.stream().anyMatch(migration -> done.stream()
                .anyMatch(note -> version(note) == migration.version()
                        && !migration.name().equals(note.getString("name"))));
        if (isUnreleased) {
            throw new StartRefused(
                    "The database %s was made by a version of Offshoot before its first release, and this"
                                    .formatted(database)
                            + " one can't read it. Delete it; in a demonstration, it is the folder of OFFSHOOT_DEMO_STORE.");
        }
    }

    private void requireCompatible(List<Document> done) {
        var newest = known.get(known.size() - 1).version();
        done.stream().filter(note -> version(note) > newest).forEach(note -> {
            if (note.getInteger("compatible_from") > newest) {
                throw new StartRefused(
                        ("The database has been migrated by a newer release (version=%d, name=%s), and this"
                                        + " one, which knows versions up to %d, can't work with it. Start the newer release; or"
                                        + " restore a backup from before it.")
                                .formatted(version(note), note.getString("name"), newest));
            }
            LOG.warnf(
                    "The database has been migrated by a newer release; this one can work with it:"
                            + " version=%d name=%s",
                    version(note), note.getString("name"));
        });
    }

    private List<Migration> missing(List<Document> done) {
        var versions = done.stream().map(Migrations::version).toList();
        return known.stream()
                .filter(migration -> !versions.contains(migration.version()))
                .toList();
    }

    private Uni<Void> carryOut(Migration migration) {
        LOG.infof("The database is being migrated: version=%d name=%s", migration.version(), migration.name());
        return migration.step().get().chain(() -> note(migration));
    }

    /** Notes a migration as done. Another replica may have noted it already. */
    private Uni<Void> note(Migration migration) {
        var note = new Document("_id", migration.version())
                .append("name", migration.name())
                .append("compatible_from", migration.compatibleFrom())
                .append("done_at", Date.from(clock.instant()));
        return notes.insertOne(note)
                .replaceWithVoid()
                .onFailure(ScopedRepository::isDuplicate)
                .recoverWithNull();
    }

    private static int version(Document note) {
        return note.getInteger("_id");
    }
}
