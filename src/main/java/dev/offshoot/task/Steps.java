package dev.offshoot.task;

import dev.offshoot.failure.Failure;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Runs asynchronous steps one after another: for each item, batch by batch, or repeatedly until one succeeds. */
public final class Steps {
    private Steps() {}

    /** Runs one step for each item, in order. The first failure ends it. */
    public static <T> Uni<Void> each(Collection<T> items, Function<T, Uni<Void>> step) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(step::apply)
                .onItem()
                .ignoreAsUni();
    }

    /** Repeats a step until its result is the last, at most {@code limit} times, and emits every result. */
    public static <T> Multi<T> again(int limit, Supplier<Uni<T>> step, Predicate<T> isLast) {
        return Uni.createFrom()
                .deferred(step::get)
                .repeat()
                .whilst(result -> !isLast.test(result))
                .select()
                .first(limit);
    }

    /**
     * Repeats a step until it gives a result; it gives none when a concurrent change came first. Fails with
     * {@link Failure.Unavailable} after {@code limit} attempts without a result.
     */
    public static <T> Uni<T> untilPresent(int limit, Supplier<Uni<Optional<T>>> step) {
        return again(limit, step, Optional::isPresent)
                .collect()
                .last()
                .map(result -> result.orElseThrow(
                        () -> new Failure.Unavailable(Failure.Unavailable.Cause.CONTENTION).asException()));
    }

    /** Like {@link #untilPresent}, for a step that returns whether it was done. */
    public static Uni<Void> untilDone(int limit, Supplier<Uni<Boolean>> step) {
        return untilPresent(limit, () -> step.get().map(done -> done ? Optional.of(true) : Optional.empty()))
                .replaceWithVoid();
    }

    /**
     * Runs one step for each batch of records, in order of their ids, until a batch is not full. A later failure does
     * not undo the batches before it.
     *
     * @param fetch returns the records after an id, at most {@code size}
     */
    public static <R, I> Uni<Void> eachBatch(
            int size, Function<Optional<I>, Uni<List<R>>> fetch, Function<R, I> id, Function<List<R>, Uni<Void>> step) {
        return Uni.createFrom().deferred(() -> {
            var last = new AtomicReference<Optional<I>>(Optional.empty());
            return Uni.createFrom()
                    .deferred(() -> fetch.apply(last.get()))
                    .call(batch -> batch.isEmpty() ? Uni.createFrom().voidItem() : step.apply(batch))
                    .invoke(batch ->
                            last.set(batch.isEmpty() ? last.get() : Optional.of(id.apply(batch.get(batch.size() - 1)))))
                    .repeat()
                    .whilst(batch -> batch.size() == size)
                    .onItem()
                    .ignoreAsUni();
        });
    }
}
