package dev.offshoot.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

class PendingTaskTest {
    private static final Instant NOW = Instant.parse("2026-11-27T00:00:00Z");

    @Test
    void taskIsPendingFromTheWriteThatLeftIt() {
        var task = PendingTask.confirm(NOW);

        assertThat(task.pendingSince()).isEqualTo(NOW);
        assertThat(task.firstDueAt()).isEqualTo(NOW.plus(Duration.ofMinutes(1)));
    }

    /** Its first failure is no failure of a day. */
    @Test
    void answerIsPendingOnlyOnceTheRequestCannotBeSentAgain() {
        var task = PendingTask.answer(NOW, new ObjectId());

        assertThat(task.firstDueAt()).isEqualTo(NOW.plus(Duration.ofDays(1)));
        assertThat(BacklogEntry.of(task).since())
                .isEqualTo(task.pendingSince())
                .isAfter(NOW.plus(Duration.ofHours(23)));
    }
}
