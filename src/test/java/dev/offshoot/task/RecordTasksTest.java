package dev.offshoot.task;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.mongodb.client.MongoCollection;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.Located;
import dev.offshoot.telemetry.Jobs;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Logs;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.TestClock;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.Together;
import dev.offshoot.value.OrgId;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pending tasks of stored records: whose turn it is, who runs them, and what becomes of those that fail. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class RecordTasksTest {
    private static final int MANY = 500;

    @Inject
    TaskQueue queue;

    @Inject
    OrganisationRepository organisations;

    @Inject
    Jobs jobs;

    @Inject
    MeterRegistry metrics;

    private final TestClock clock = new TestClock();
    private final PartnerClient partner = PartnerClient.newPartner();

    @BeforeEach
    void completeWhatOthersLeft() {
        queue.runDue(Clock.offset(clock, Duration.ofHours(2))).await().atMost(Duration.ofMinutes(1));
    }

    @AfterEach
    void removeWhatFails() {
        stored().updateMany(exists("task_due_at"), combine(unset("tasks"), unset("task_due_at")));
    }

    @Test
    void taskIsDoneInItsTimeBehind500ThatAlwaysFail() {
        var good = create("Good");
        Stored.deleteWithoutCascade(good);
        var broken = copiesOf(create("Broken"), MANY);
        leave(broken, "CASCADE", Instant.now().minus(Duration.ofDays(2)));
        clock.moveTo(Instant.now().plus(Duration.ofMinutes(1)));

        var log = Logs.troubleDuring(this::runQueue);

        assertThat(Stored.organisation(good)).doesNotContainKeys("tasks", "task_due_at");
        assertThat(attempts(broken)).hasSize(MANY).containsOnly(1);
        assertThat(log.size()).as(log.toString()).isBetween(1, 10);
        assertThat(log.get(0))
                .containsPattern(
                        "^WARN A pending task failed and will be tried again: job=organisation-tasks type=CASCADE"
                                + " org=[0-9a-f]{24} since=[^ ]+ failures=[0-9]+ cause=java.lang.NullPointerException null$");
    }

    @Test
    void failedTaskWaitsAMinuteAndThenTwiceAsLongEachTimeUpToAnHour() {
        var broken = create("Broken");
        leave(List.of(new ObjectId(broken)), "CASCADE", Instant.now().minus(Duration.ofDays(2)));

        var minutes = IntStream.range(0, 8)
                .mapToObj(attempt -> {
                    var now = clock.instant();
                    runQueue();
                    var due = Stored.organisation(broken).getDate("task_due_at").toInstant();
                    clock.moveTo(due.minusSeconds(10));
                    runQueue();
                    assertThat(attempts(List.of(new ObjectId(broken)))).containsExactly(attempt + 1);
                    clock.moveTo(due);
                    return Duration.between(now, due).toMinutes();
                })
                .toList();

        assertThat(minutes).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void failureOfATaskThatIsADayOldIsCountedAsSuch() {
        var broken = new ObjectId(create("Broken"));
        leave(List.of(broken), "CASCADE", Instant.now().minus(Duration.ofHours(23)));
        var before = List.of(failures("under_a_day"), failures("over_a_day"));

        runQueue();
        var recent = List.of(failures("under_a_day"), failures("over_a_day"));
        stored().updateOne(
                        eq("_id", broken),
                        combine(
                                set("tasks.0.since", Date.from(Instant.now().minus(Duration.ofHours(25)))),
                                set("task_due_at", new Date())));
        runQueue();

        assertThat(recent).containsExactly(before.get(0) + 1, before.get(1));
        assertThat(List.of(failures("under_a_day"), failures("over_a_day")))
                .containsExactly(before.get(0) + 1, before.get(1) + 1);
    }

    @Test
    void newTaskDoesNotWaitForAnotherOfTheSameRecordThatFails() {
        var id = create("Org");
        leave(List.of(new ObjectId(id)), "CASCADE", Instant.now().minus(Duration.ofDays(2)));
        IntStream.range(0, 5).forEach(attempt -> {
            runQueue();
            clock.moveTo(Stored.organisation(id).getDate("task_due_at").toInstant());
        });

        stored().updateOne(eq("_id", new ObjectId(id)), Stored.leavingTask("CONFIRM", null, clock.instant()));
        runQueue();
        clock.moveTo(clock.instant().plus(Duration.ofMinutes(1)));
        runQueue();

        assertThat(Stored.organisation(id).getList("tasks", Document.class))
                .extracting(task -> task.getString("type"))
                .containsExactly("CASCADE");
    }

    @Test
    void taskOfARequestThatMayStillRunIsLeftToIt() {
        var id = create("Org");
        leave(List.of(new ObjectId(id)), "CASCADE", Instant.now().minus(Duration.ofDays(2)));
        stored().updateOne(eq("_id", new ObjectId(id)), Stored.leavingTask("CONFIRM", null, clock.instant()));

        runQueue();

        assertThat(Stored.organisation(id).getList("tasks", Document.class))
                .extracting(task -> task.getString("type"), task -> task.getInteger("attempts"))
                .containsExactly(tuple("CASCADE", 1), tuple("CONFIRM", 0));
    }

    /** The answer's task waits a day, and the queue does not look at it in each minute of that. */
    @Test
    void youngerTaskWaitsForItsOwnTimeOnceTheOthersAreComplete() {
        var id = create("Org");
        var record = eq("_id", new ObjectId(id));
        var changedAt = clock.instant();
        stored().updateOne(record, Stored.leavingTask("CONFIRM", null, changedAt.minus(Duration.ofMinutes(2))));
        stored().updateOne(record, Stored.leavingTask("ANSWER", new ObjectId(), changedAt));

        runQueue();

        assertThat(Stored.organisation(id).getDate("task_due_at").toInstant())
                .isEqualTo(changedAt.plus(PendingTask.REPEATABLE));
        assertThat(Stored.organisation(id).getList("tasks", Document.class))
                .extracting(task -> task.getString("type"))
                .containsExactly("ANSWER");
    }

    @Test
    void twoQueuesRunEachTaskOnce() throws Exception {
        var waiting = copiesOf(create("Waiting"), MANY);
        leave(waiting, "CONFIRM", Instant.now().minus(Duration.ofDays(2)));
        var taken = new ConcurrentLinkedQueue<ObjectId>();
        Callable<Void> replica = () -> new TaskQueue(
                        List.of(new Taking(organisations, taken)), jobs, new TaskFailures(metrics, clock), clock)
                .runDue(clock)
                .await()
                .atMost(Duration.ofMinutes(1));

        Together.run(List.of(replica, replica));

        assertThat(taken).containsExactlyInAnyOrderElementsOf(waiting);
        assertThat(stored().countDocuments(new Document("task_due_at", new Document("$exists", true))))
                .isZero();
    }

    @Test
    void tasksOfOneRecordCompletedAtTheSameTimeLeaveNothing() throws Exception {
        TaskRepository<Organisation, OrgId> repository = organisations;
        var ids = copiesOf(create("Org"), 20);
        leave(ids, "CONFIRM", Instant.EPOCH);
        leave(ids, "CASCADE", Instant.EPOCH);
        var located = repository.dueTasks(clock.instant(), 20).await().indefinitely();

        Together.run(located.stream()
                .flatMap(each -> each.record().tasks().stream()
                        .<Callable<Void>>map(task -> () -> organisations
                                .complete(each.scope(), each.record().id(), task)
                                .await()
                                .indefinitely()))
                .toList());

        assertThat(located).hasSize(20);
        assertThat(stored().find(in("_id", ids)))
                .allSatisfy(left -> assertThat(left).doesNotContainKeys("tasks", "task_due_at"));
    }

    private String create(String name) {
        var id = partner.create(name).id();
        Stored.confirm(id);
        return id;
    }

    private double failures(String pending) {
        return metrics.get("offshoot.task.failures")
                .tags("type", "cascade", "pending", pending)
                .counter()
                .count();
    }

    private void runQueue() {
        queue.runDue(clock).await().atMost(Duration.ofMinutes(1));
    }

    private static MongoCollection<Document> stored() {
        return TestDatabase.data().getCollection("organisations");
    }

    /** A cascade without a subject always fails. */
    private static void leave(List<ObjectId> ids, String type, Instant since) {
        stored().updateMany(in("_id", ids), Stored.leavingTask(type, null, since));
    }

    private static List<Integer> attempts(List<ObjectId> ids) {
        return stored().find(in("_id", ids))
                .map(record -> record.getList("tasks", Document.class).get(0).getInteger("attempts"))
                .into(new ArrayList<>());
    }

    private static List<ObjectId> copiesOf(String id, int number) {
        var copies = IntStream.range(0, number)
                .mapToObj(copy -> {
                    var record = Stored.organisation(id);
                    record.put("organisation_key", record.getString("organisation_key") + copy);
                    var lineage = new ArrayList<>(record.getList("lineage", ObjectId.class));
                    lineage.set(0, new ObjectId());
                    record.put("_id", lineage.get(0));
                    record.put("lineage", lineage);
                    return record;
                })
                .toList();
        stored().insertMany(copies);
        return copies.stream().map(record -> record.getObjectId("_id")).toList();
    }

    /** Notes which records it is given, and completes their tasks. */
    private static final class Taking extends RecordTaskHandler<Organisation, OrgId> {
        private final OrganisationRepository organisations;
        private final ConcurrentLinkedQueue<ObjectId> taken;

        private Taking(OrganisationRepository organisations, ConcurrentLinkedQueue<ObjectId> taken) {
            super(organisations);
            this.organisations = organisations;
            this.taken = taken;
        }

        @Override
        public String name() {
            return "tasks that are taken";
        }

        @Override
        protected Uni<Void> run(Located<Organisation> due, PendingTask task) {
            taken.add(due.record().id().value());
            return organisations.complete(due.scope(), due.record().id(), task);
        }
    }
}
