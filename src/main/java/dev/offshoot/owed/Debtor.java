package dev.offshoot.owed;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Function;

/** A feature that leaves work behind. Every step it takes is idempotent, so that two replicas may take it at once. */
public interface Debtor {

    /** What it owes, as a word for the log. */
    String name();

    /**
     * Does some of what has waited since then or longer.
     *
     * @return how many entries it took up: 0 when nothing waits
     */
    Uni<Integer> settle(Instant waitingSince);

    /** One step for each item, one after the other; the first that fails ends it. */
    static <T> Uni<Void> each(Collection<T> items, Function<T, Uni<Void>> step) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(step::apply)
                .onItem()
                .ignoreAsUni();
    }
}
