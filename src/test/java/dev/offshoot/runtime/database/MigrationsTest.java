package dev.offshoot.runtime.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import dev.offshoot.runtime.checks.StartRefused;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.testing.Cases;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ProxiedInstallation;
import dev.offshoot.testing.TestDatabase;
import io.quarkus.arc.All;
import io.quarkus.mongodb.reactive.ReactiveMongoClient;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What brings the database to a release's version, alone, in pairs, and cut off anywhere. */
@QuarkusTest
@WithTestResource(value = ProxiedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class MigrationsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** What the first version of a database without notes takes: to read them, to make the indexes, to note it. */
    private static final int COMMANDS = 7 + 2;

    @Inject
    Migrations migrations;

    @Inject
    ReactiveMongoClient mongo;

    @All
    @Inject
    List<ScopedRepository<?, ?>> repositories;

    @Inject
    Clock clock;

    /** Of its own, and not the run's. */
    private final MongoDatabase fresh = TestDatabase.client().getDatabase(TestDatabase.newName());

    @AfterEach
    void heal() {
        ProxiedInstallation.proxy().heal();
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> PartnerClient.root().send("GET", "/organisations").status() == 200);
    }

    @Test
    void startHasTakenEveryStep() {
        assertThat(versions(TestDatabase.data())).containsExactly(1);
    }

    @Test
    void whatIsNotedIsNotDoneAgain() {
        var steps = steps(3);

        run(steps);
        run(steps);

        assertThat(times(1, 3)).containsExactly(1, 1, 1);
        assertThat(versions(fresh)).containsExactly(1, 2, 3);
        assertThat(notes(fresh).find(Filters.eq("_id", 2)).first())
                .containsEntry("name", "step 2")
                .containsEntry("compatible_from", 1)
                .containsKey("done_at");
    }

    @Test
    void twoAtOnceBothEndAndNoteEachVersionOnce() {
        for (var i = 0; i < 10; i++) {
            notes(fresh).deleteMany(new Document());
            var steps = steps(3);

            var both = Stream.of(steps, steps)
                    .map(known -> CompletableFuture.runAsync(() -> run(known)))
                    .toList();

            assertThat(both).allSatisfy(one -> assertThat(one).succeedsWithin(LIMIT));
            assertThat(versions(fresh)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void twoAtOnceMakeTheIndexesOfAFreshDatabase() {
        for (var i = 0; i < 5; i++) {
            var database = TestDatabase.client().getDatabase(TestDatabase.newName());
            Supplier<Migrations> replica = () -> new Migrations(
                    mongo, database.getName(), clock, new Indexes(repositories, mongo, database.getName()));

            var both = Stream.of(replica, replica)
                    .map(one -> CompletableFuture.runAsync(() -> retried(one.get())))
                    .toList();

            assertThat(both).allSatisfy(one -> assertThat(one).succeedsWithin(LIMIT));
            assertThat(versions(database)).containsExactly(1);
            assertThat(indexes(database, "organisations")).contains(new Document("organisation_key", 1));
            database.drop();
        }
    }

    @Test
    void cutOffAfterAnyStepTheNextStartGoesOnFromThere() {
        for (var cut = 1; cut <= 3; cut++) {
            notes(fresh).deleteMany(new Document());
            effects().deleteMany(new Document());
            var dying = new ArrayList<>(steps(3));
            var last = dying.get(cut - 1);
            dying.set(cut - 1, migration(cut, 1, () -> last.step().get().chain(() -> Uni.createFrom()
                    .failure(new IllegalStateException("killed")))));
            assertThatThrownBy(() -> run(dying)).hasMessage("killed");

            run(steps(3));

            var cutOff = cut;
            assertThat(times(1, 3))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 3)
                            .map(version -> version == cutOff ? 2 : 1)
                            .boxed()
                            .toList());
            assertThat(versions(fresh)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void cutAtAnyCommandTheIndexesAreMadeByTheNextStart() {
        var number = 0;
        for (var action : List.of(Action.CUT_BEFORE, Action.CUT_AFTER)) {
            for (var command = 1; command <= COMMANDS; command++) {
                if (!Cases.runs(number++)) {
                    continue;
                }
                forgetMigrations();
                ProxiedInstallation.proxy().arm(command, action);
                assertThatThrownBy(() -> await(migrations)).isInstanceOf(MongoException.class);
                assertThat(ProxiedInstallation.proxy().hasActed()).isTrue();
                ProxiedInstallation.proxy().heal();

                retried(migrations);

                assertThat(versions(TestDatabase.data())).containsExactly(1);
                assertThat(indexes(TestDatabase.data(), "organisations"))
                        .contains(new Document("organisation_key", 1), new Document("live_external_key", 1));
            }
        }
    }

    @Test
    void indexThatTakesLongerThanARequestMayIsBuiltAllTheSame() throws Exception {
        forgetMigrations();
        var proxy = ProxiedInstallation.proxy();
        proxy.arm(2, Action.HOLD);

        var migrated = CompletableFuture.runAsync(() -> await(migrations));
        proxy.awaitHeld();

        // A command of a request is given up after two seconds.
        assertThat(migrated)
                .failsWithin(Duration.ofSeconds(4))
                .withThrowableThat()
                .isInstanceOf(TimeoutException.class);
        proxy.release();
        assertThat(migrated).succeedsWithin(LIMIT);
        assertThat(versions(TestDatabase.data())).containsExactly(1);
    }

    @Test
    void replicaOfTheReleaseBeforeServesOnAndStartsAgainBesideACompatibleStep() {
        var older = steps(1);
        run(older);
        run(steps(2));

        run(older);

        assertThat(versions(fresh)).containsExactly(1, 2);
        assertThat(times(1, 2)).containsExactly(1, 1);
    }

    @Test
    void databaseThatIsTooNewIsLeftAlone() {
        var newer = new ArrayList<>(steps(1));
        newer.add(migration(3, 3, () -> effect(3)));
        run(newer);
        notes(fresh).deleteOne(Filters.eq("_id", 1));

        assertThatThrownBy(() -> run(steps(2)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("version=3")
                .hasMessageContaining("versions up to 2");

        assertThat(versions(fresh)).containsExactly(3);
        assertThat(times(1, 2)).containsExactly(1, 0);
    }

    @Test
    void databaseOfAVersionThatWasNeverReleasedIsLeftAlone() {
        notes(fresh).insertOne(new Document("_id", 1).append("name", "indexes").append("compatible_from", 1));

        assertThatThrownBy(() -> run(steps(2)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(fresh.getName())
                .hasMessageContaining("Delete it");

        assertThat(times(1, 2)).containsExactly(0, 0);
    }

    private List<Migration> steps(int newest) {
        return IntStream.rangeClosed(1, newest)
                .mapToObj(version -> migration(version, 1, () -> effect(version)))
                .toList();
    }

    private static Migration migration(int version, int compatibleFrom, Supplier<Uni<Void>> step) {
        return new Migration(version, "step " + version, compatibleFrom, step);
    }

    /** Counts how often the step was taken. */
    private Uni<Void> effect(int version) {
        return mongo.getDatabase(fresh.getName())
                .getCollection("effects")
                .insertOne(new Document("version", version))
                .replaceWithVoid();
    }

    private List<Integer> times(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .map(version -> (int) effects().countDocuments(Filters.eq("version", version)))
                .boxed()
                .toList();
    }

    private MongoCollection<Document> effects() {
        return fresh.getCollection("effects");
    }

    private void run(List<Migration> known) {
        await(new Migrations(mongo, fresh.getName(), clock, known));
    }

    private static void await(Migrations migrations) {
        migrations.run().await().atMost(LIMIT);
    }

    /** As the start does: a failure of the database is followed by another try. */
    private static void retried(Migrations migrations) {
        migrations
                .run()
                .onFailure(MongoException.class)
                .retry()
                .withBackOff(Duration.ofMillis(100))
                .atMost(50)
                .await()
                .atMost(LIMIT);
    }

    private static void forgetMigrations() {
        TestDatabase.data().getCollection(Migrations.COLLECTION).deleteMany(new Document());
    }

    private static MongoCollection<Document> notes(MongoDatabase database) {
        return database.getCollection(Migrations.COLLECTION);
    }

    private static List<Integer> versions(MongoDatabase database) {
        return notes(database)
                .find()
                .sort(new Document("_id", 1))
                .map(note -> note.getInteger("_id"))
                .into(new ArrayList<>());
    }

    private static List<Document> indexes(MongoDatabase database, String collection) {
        return database.getCollection(collection)
                .listIndexes()
                .map(index -> index.get("key", Document.class))
                .into(new ArrayList<>());
    }
}
