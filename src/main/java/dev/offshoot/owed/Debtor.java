package dev.offshoot.owed;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** A feature that leaves work behind. Every step it takes is idempotent, so that two replicas may take it at once. */
public interface Debtor {

    /** What it owes, as a word for the log. */
    String name();

    /** Does some of what has waited since then or longer, and is asked again until it did nothing more. */
    Uni<Settled> settle(Instant waitingSince);

    /** What waits now, in no order, as far as {@code most} records hold it. For the operator's figures. */
    default Uni<List<Waiting>> waiting(int most) {
        return Uni.createFrom().item(List.of());
    }

    /** One step for each item, one after the other; the first that fails ends it. */
    static <T> Uni<Void> each(Collection<T> items, Function<T, Uni<Void>> step) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(step::apply)
                .onItem()
                .ignoreAsUni();
    }

    /** One step for each item of a batch; one that fails is logged, and the others are taken all the same. */
    default <T> Uni<Settled> settleEach(Collection<T> items, Function<T, Uni<Void>> step) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(item -> Uni.createFrom()
                        .deferred(() -> step.apply(item))
                        .replaceWith(Settled.ONE)
                        .onFailure()
                        .recoverWithItem(this::failed))
                .collect()
                .with(Collectors.reducing(Settled.NOTHING, Settled::plus));
    }

    private Settled failed(Throwable failure) {
        Logger.getLogger(Debtor.class).warnf(failure, "Owed work failed and will be tried again: debtor=%s", name());
        return Settled.ONE_FAILURE;
    }
}
