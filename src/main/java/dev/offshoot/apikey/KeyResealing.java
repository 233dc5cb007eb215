package dev.offshoot.apikey;

import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.digest.Sealed;
import dev.offshoot.idempotency.Claim;
import dev.offshoot.idempotency.ClaimRepository;
import dev.offshoot.scope.Located;
import dev.offshoot.task.Steps;
import dev.offshoot.value.KeyId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Seals everything under the current key-encryption key, so that the other keys can be given up. It goes through all
 * API keys and all claims by id in bounded batches, and repeats that until it finds nothing to do. A replica that
 * meanwhile seals under another key only makes it take longer. Each seal is replaced in one step by one that opens. So
 * the run may be interrupted anywhere, repeated, and run twice at once.
 */
@Singleton
public class KeyResealing {
    static final int BATCH = 500;
    private static final int ROUNDS = 100;

    private final KeyRepository keys;
    private final ClaimRepository claims;
    private final KeyEncryption encryption;

    KeyResealing(KeyRepository keys, ClaimRepository claims, KeyEncryption encryption) {
        this.keys = keys;
        this.claims = claims;
        this.encryption = encryption;
    }

    /**
     * The result of a run.
     *
     * @param current the id of the current key-encryption key
     * @param resealed how many seals were replaced
     * @param good how many API keys and claims are sealed under the current key-encryption key
     * @param unknown how many seals name a key-encryption key that is not in the settings, by its id
     * @param broken how many seals don't open with the key-encryption key that they name, by its id
     * @param complete whether the last round found nothing to seal anew
     */
    public record Outcome(
            String current,
            long resealed,
            long good,
            SortedMap<String, Long> unknown,
            SortedMap<String, Long> broken,
            boolean complete) {

        /** Whether every seal is under the current key-encryption key. */
        public boolean allGood() {
            return complete && unknown.isEmpty() && broken.isEmpty();
        }
    }

    public Uni<Outcome> run() {
        return Uni.createFrom().deferred(() -> {
            var resealed = new AtomicLong();
            return Steps.again(ROUNDS, this::round, round -> round.toReseal == 0)
                    .invoke(round -> resealed.addAndGet(round.resealed))
                    .collect()
                    .last()
                    .map(last -> new Outcome(
                            encryption.currentId(),
                            resealed.get(),
                            last.good,
                            last.unknown,
                            last.broken,
                            last.toReseal == 0));
        });
    }

    /** What one round through everything found. */
    private static final class Round {
        private long toReseal;
        private long resealed;
        private long good;
        private final SortedMap<String, Long> unknown = new TreeMap<>();
        private final SortedMap<String, Long> broken = new TreeMap<>();
    }

    private Uni<Round> round() {
        var round = new Round();
        return Steps.<Located<ApiKey>, KeyId>eachBatch(
                        BATCH,
                        after -> keys.each(after, BATCH),
                        key -> key.record().id(),
                        batch -> resealKeys(round, batch))
                .chain(() -> Steps.<Located<Claim>, String>eachBatch(
                        BATCH,
                        after -> claims.each(after, BATCH),
                        claim -> claim.record().id(),
                        batch -> resealClaims(round, batch)))
                .replaceWith(round);
    }

    private Uni<Void> resealKeys(Round round, List<Located<ApiKey>> batch) {
        var reseals = new ArrayList<KeyRepository.Reseal>();
        for (var key : batch) {
            var id = key.record().id();
            var read = key.record().sealedHa1();
            if (read != null) {
                look(round, id.value(), read)
                        .map(fresh -> new KeyRepository.Reseal(key.scope(), id, read, fresh))
                        .ifPresent(reseals::add);
            }
        }
        return store(round, reseals, keys::reseal);
    }

    private Uni<Void> resealClaims(Round round, List<Located<Claim>> batch) {
        var reseals = new ArrayList<ClaimRepository.Reseal>();
        for (var claim : batch) {
            claim.record()
                    .sealed()
                    .flatMap(read -> look(round, claim.record().id(), read))
                    .map(fresh -> new ClaimRepository.Reseal(claim.scope(), claim.record(), fresh))
                    .ifPresent(reseals::add);
        }
        return store(round, reseals, claims::reseal);
    }

    private static <T> Uni<Void> store(Round round, List<T> reseals, Function<List<T>, Uni<Long>> write) {
        round.toReseal += reseals.size();
        return reseals.isEmpty()
                ? Uni.createFrom().voidItem()
                : write.apply(reseals).invoke(count -> round.resealed += count).replaceWithVoid();
    }

    /** Counts a seal, and gives what it is to be replaced by, if it is. */
    private Optional<Sealed> look(Round round, String owner, Sealed sealed) {
        var secret = encryption.open(owner, sealed);
        if (secret.isEmpty()) {
            var closed = encryption.knows(sealed.key()) ? round.broken : round.unknown;
            closed.merge(sealed.key(), 1L, Long::sum);
            return Optional.empty();
        }
        if (sealed.key().equals(encryption.currentId())) {
            round.good++;
            return Optional.empty();
        }
        return Optional.of(encryption.seal(owner, secret.get()));
    }
}
