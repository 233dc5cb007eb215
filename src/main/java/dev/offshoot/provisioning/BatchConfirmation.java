package dev.offshoot.provisioning;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.organisation.AncestorStatus;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.Steps;
import dev.offshoot.telemetry.BackgroundWork;
import dev.offshoot.telemetry.Jobs;
import dev.offshoot.value.OrgId;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Confirms what this replica created, in batches, about a second later. A batch takes three commands: one look at all
 * ancestors, one update of the organisations and one of the keys. A record with a deleted or absent ancestor is
 * confirmed by itself. Whatever is not confirmed here is left to the task queue.
 */
@Singleton
public class BatchConfirmation {
    /** The longest time that the end of the process waits for the last flush. */
    public static final Duration LAST_FLUSH = Duration.ofSeconds(2);

    /** The most creations that wait in memory, which may take a few megabytes. */
    static final int CAPACITY = 4096;

    private static final int BATCH = 1000;
    private static final int MOST_BATCHES = CAPACITY / BATCH + 1;

    private final OrganisationRepository organisations;
    private final KeyRepository keys;
    private final Confirmation confirmation;
    private final Jobs.Job job;
    private final Queue<Created> waiting = new ArrayDeque<>();

    BatchConfirmation(OrganisationRepository organisations, KeyRepository keys, Confirmation confirmation, Jobs jobs) {
        this.organisations = organisations;
        this.keys = keys;
        this.confirmation = confirmation;
        this.job = jobs.job("confirm-creations");
    }

    /** An organisation with its first keys, or a key of an organisation that already existed. */
    private record Created(OrgScope scope, Optional<Organisation> organisation, List<ApiKey> keys) {
        private List<OrgId> ancestors() {
            return organisation
                    .map(created ->
                            created.lineage().subList(1, created.lineage().size()))
                    .orElseGet(() -> keys.get(0).lineage());
        }
    }

    /** Adds an organisation that was just created with its keys. */
    void add(OrgScope scope, Organisation organisation, List<ApiKey> itsKeys) {
        add(new Created(scope, Optional.of(organisation), itsKeys));
    }

    /** Adds a key that was just minted. */
    void add(OrgScope scope, ApiKey minted) {
        add(new Created(scope, Optional.empty(), List.of(minted)));
    }

    @Scheduled(every = "1s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return job.run(flush().replaceWith(true));
    }

    /** Confirms what waits. If that fails, the rest of the batch is left to the task queue. */
    Uni<Void> flush() {
        return Steps.again(MOST_BATCHES, () -> confirm(take()), size -> size < BATCH)
                .onItem()
                .ignoreAsUni();
    }

    /** Spares the task queue what can be confirmed at once. */
    void flushLast(@Observes ShutdownEvent event) {
        BackgroundWork.awaitLast(LAST_FLUSH, flush());
    }

    private synchronized void add(Created created) {
        if (waiting.size() < CAPACITY) {
            waiting.add(created);
        }
    }

    private synchronized List<Created> take() {
        var batch = new ArrayList<Created>();
        while (batch.size() < BATCH && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        return batch;
    }

    /** Returns the size of the batch. */
    private Uni<Integer> confirm(List<Created> batch) {
        if (batch.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        var ancestors =
                batch.stream().flatMap(created -> created.ancestors().stream()).collect(Collectors.toSet());
        return organisations
                .statuses(ancestors)
                .chain(statuses -> confirm(batch, live(statuses)))
                .replaceWith(batch.size());
    }

    private Uni<Void> confirm(List<Created> batch, Set<OrgId> live) {
        var beneathLive = batch.stream()
                .filter(created -> live.containsAll(created.ancestors()))
                .toList();
        var others = batch.stream()
                .filter(created -> !live.containsAll(created.ancestors()))
                .toList();
        return confirmTogether(beneathLive).chain(() -> Steps.each(others, this::confirmAlone));
    }

    private Uni<Void> confirmTogether(Collection<Created> all) {
        var organisationIds = all.stream()
                .flatMap(created -> created.organisation().stream())
                .map(Organisation::id)
                .toList();
        var keyIds = all.stream()
                .flatMap(created -> created.keys().stream())
                .map(ApiKey::id)
                .toList();
        return organisations.confirmAll(organisationIds).chain(() -> keys.confirmAll(keyIds));
    }

    private Uni<Void> confirmAlone(Created created) {
        var organisation = created.organisation()
                .map(each -> confirmation.confirm(created.scope(), each))
                .orElseGet(() -> Uni.createFrom().voidItem());
        return organisation.chain(() -> Steps.each(created.keys(), key -> confirmation.confirm(created.scope(), key)));
    }

    private static Set<OrgId> live(List<AncestorStatus> statuses) {
        return statuses.stream()
                .filter(status -> status.deletions().isEmpty())
                .map(AncestorStatus::id)
                .collect(Collectors.toSet());
    }
}
