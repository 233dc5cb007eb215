package dev.offshoot.task;

import dev.offshoot.scope.OrgScope;
import dev.offshoot.telemetry.Jobs;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.Collectors;
import org.bson.types.ObjectId;

/**
 * Forgets what changes left once their answers are kept, in batches, about a second later. A batch takes one command for each
 * collection. Whatever is not forgotten here is left to the task queue.
 */
@Singleton
public class AnsweredChanges {
    /** The most changes that wait in memory, which may take a megabyte. */
    static final int CAPACITY = 4096;

    private static final int BATCH = 1000;
    private static final int MOST_BATCHES = CAPACITY / BATCH + 1;

    private final Jobs.Job job;
    private final Queue<Answered> waiting = new ArrayDeque<>();

    AnsweredChanges(Jobs jobs) {
        this.job = jobs.job("forget-answered-changes");
    }

    /**
     * A change whose answer is kept.
     *
     * @param id the id of the record that it changed
     */
    record Answered(TaskRepository<?, ?> repository, OrgScope scope, Object id, ObjectId change) {}

    /** Adds a change whose answer is kept. */
    public synchronized <I> void add(TaskRepository<?, I> repository, OrgScope scope, I id, ObjectId change) {
        if (waiting.size() < CAPACITY) {
            waiting.add(new Answered(repository, scope, id, change));
        }
    }

    @Scheduled(every = "1s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return job.run(flush().replaceWith(true));
    }

    /** Forgets what waits. If that fails, the batch is left to the task queue. */
    public Uni<Void> flush() {
        return Steps.again(MOST_BATCHES, () -> forget(take()), size -> size < BATCH)
                .onItem()
                .ignoreAsUni();
    }

    private static Uni<Integer> forget(List<Answered> batch) {
        var each = batch.stream()
                .collect(Collectors.groupingBy(Answered::repository))
                .entrySet();
        return Steps.each(each, theirs -> theirs.getKey().forgetChanges(theirs.getValue()))
                .replaceWith(batch.size());
    }

    private synchronized List<Answered> take() {
        var batch = new ArrayList<Answered>();
        while (batch.size() < BATCH && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        return batch;
    }
}
