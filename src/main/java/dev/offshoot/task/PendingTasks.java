package dev.offshoot.task;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pending tasks of a stored record, without its other fields. */
@RegisterForReflection
public record PendingTasks(@Nullable List<PendingTask> tasks) {
    public Stream<BacklogEntry> backlog() {
        return tasks == null ? Stream.empty() : tasks.stream().map(BacklogEntry::of);
    }
}
