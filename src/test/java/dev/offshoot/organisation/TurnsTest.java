package dev.offshoot.organisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();
    private final List<String> begun = new CopyOnWriteArrayList<>();

    @Test
    void workOfOneKeyWaitsForWhatCameBefore() {
        var first = new CompletableFuture<Void>();
        begin("key", "first", first);
        begin("key", "second", new CompletableFuture<>());
        begin("other", "third", new CompletableFuture<>());
        assertThat(begun).containsExactly("first", "third");

        first.complete(null);

        await().untilAsserted(() -> assertThat(begun).containsExactly("first", "third", "second after others"));
    }

    @Test
    void workThatFailsIsFollowedByTheNext() {
        var first = new CompletableFuture<Void>();
        begin("key", "first", first);
        begin("key", "second", new CompletableFuture<>());

        first.completeExceptionally(new IllegalStateException("on purpose"));

        await().untilAsserted(() -> assertThat(begun).containsExactly("first", "second after others"));
    }

    private void begin(String key, String name, CompletableFuture<Void> end) {
        turns.run(key, work(name, end), work(name + " after others", end))
                .subscribe()
                .with(done -> {}, failure -> {});
    }

    private Uni<Void> work(String name, CompletableFuture<Void> end) {
        return Uni.createFrom().deferred(() -> {
            begun.add(name);
            return Uni.createFrom().completionStage(end);
        });
    }
}
