package dev.offshoot.idempotency;

import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.digest.Sealed;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.PendingTask;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Function;
import org.bson.types.Binary;

/**
 * Does the work of a request once, however often the request is sent. It takes two commands more than the work: the claim
 * before it and the answer after it. An answer is given only after it is kept. Whatever is cut off, another try
 * ends under the same ids.
 */
@Singleton
public class Claims {
    /** How long a request is known again. The contract promises it to clients. */
    static final Duration KEPT = PendingTask.REPEATABLE;

    /** Longer than most calls may take, so that a second try seldom runs beside the first. */
    static final Duration LEASE = Duration.ofSeconds(10);

    private final ClaimRepository repository;
    private final KeyEncryption encryption;
    private final Clock clock;

    Claims(ClaimRepository repository, KeyEncryption encryption, Clock clock) {
        this.repository = repository;
        this.encryption = encryption;
        this.clock = clock;
    }

    /**
     * A request that may be sent again.
     *
     * @param scope the caller's whole scope, whose top organisation the key belongs to
     * @param roles the roles of the caller
     * @param key the client's name for it
     * @param content what it asks for, byte for byte
     */
    public record Asked(OrgScope scope, Set<String> roles, String key, Binary content) {
        @Override
        public String toString() {
            return "Asked[" + scope + "]";
        }
    }

    /** An answer, and whether it was given before. */
    public record Given(Answer answer, boolean replayed) {}

    /** A claim that is held, and the try that it is held for. */
    private record Held(OrgScope scope, Claim claim, Attempt attempt) {}

    /**
     * Gives the answer that is kept, or does the work and keeps its answer. Fails with
     * {@link Failure.IdempotencyKeyReused}, with {@link Failure.RequestInProgress}, and as the work and the look do.
     *
     * @param work fails if its outcome is not to be kept
     * @param look finds the organisation that a kept answer shows, or fails
     */
    public Uni<Given> once(Asked asked, Function<Attempt, Uni<Answer>> work, Function<OrgId, Uni<?>> look) {
        return Uni.createFrom().deferred(() -> {
            var attempt = Attempt.first();
            var claim = claim(asked, attempt);
            return repository
                    .insertOrFind(asked.scope(), claim)
                    .map(found -> found.orElseThrow(() -> inProgress(Duration.ZERO)))
                    .chain(found -> found.equals(claim)
                            ? run(new Held(asked.scope(), claim, attempt), work)
                            : meet(asked, claim, found, work, look));
        });
    }

    private Uni<Given> meet(
            Asked asked, Claim own, Claim found, Function<Attempt, Uni<Answer>> work, Function<OrgId, Uni<?>> look) {
        if (!found.createdAt().plus(KEPT).isAfter(own.createdAt())) {
            return repository.removeOld(asked.scope(), found).chain(() -> once(asked, work, look));
        }
        if (!found.isOfSameRequest(own)) {
            throw new Failure.IdempotencyKeyReused().asException();
        }
        var answer = found.answer();
        if (answer != null) {
            return seen(new Given(open(found, answer), true), look);
        }
        return takeOver(asked.scope(), found).chain(held -> run(held, work)).chain(given -> seen(given, look));
    }

    /** Fails if the answer shows an organisation that the caller can't see any more. */
    private static Uni<Given> seen(Given given, Function<OrgId, Uni<?>> look) {
        var shows = given.answer().shows();
        return shows == null ? Uni.createFrom().item(given) : look.apply(shows).replaceWith(given);
    }

    private Uni<Held> takeOver(OrgScope scope, Claim found) {
        var now = clock.instant();
        if (found.leasedUntil().isAfter(now)) {
            throw inProgress(Duration.between(now, found.leasedUntil()));
        }
        var end = now.plus(LEASE);
        return repository.lease(scope, found, end).map(leased -> {
            if (!leased) {
                throw inProgress(LEASE);
            }
            return new Held(scope, found.leasedUntil(end), Attempt.again(found.attempt(), seed(found)));
        });
    }

    private Uni<Given> run(Held held, Function<Attempt, Uni<Answer>> work) {
        return work.apply(held.attempt())
                .onFailure(failure -> !held.attempt().isRepeated() && isWithoutEffect(failure))
                .call(() -> release(held))
                .call(answer -> keep(held, answer))
                .invoke(() -> held.attempt().answered())
                .map(answer -> new Given(answer, false));
    }

    /** Whether the work has surely written nothing. After whatever is not expected, it may have, and so may an earlier try. */
    private static boolean isWithoutEffect(Throwable failure) {
        return failure instanceof FailureException expected
                && expected.failure().kind() != Failure.Kind.UNAVAILABLE;
    }

    /** If that fails, the next try has to wait for the end of the lease. */
    private Uni<Void> release(Held held) {
        return repository.release(held.scope(), held.claim()).onFailure().recoverWithNull();
    }

    private Uni<Void> keep(Held held, Answer answer) {
        var claim = held.claim();
        var body = encryption.seal(claim.id(), answer.body().getBytes(StandardCharsets.UTF_8));
        var kept = new KeptAnswer(answer.status(), answer.tag(), answer.shows(), body);
        return repository
                .keep(held.scope(), claim, kept)
                .invoke(done -> {
                    if (!done) {
                        throw inProgress(LEASE);
                    }
                })
                .replaceWithVoid();
    }

    private Claim claim(Asked asked, Attempt attempt) {
        var lineage = asked.scope().lineage();
        var id = asked.scope().root() + "/" + hex(asked.key());
        var now = clock.instant();
        return new Claim(
                id,
                OrgScope.tenantOf(lineage),
                lineage,
                asked.roles().stream().sorted().toList(),
                new Binary(sha256(asked.content().getData())),
                attempt.id(),
                encryption.seal(id, attempt.seed()),
                null,
                now.plus(LEASE),
                now);
    }

    private Answer open(Claim claim, KeptAnswer kept) {
        var body = open(claim, kept.body());
        return new Answer(kept.status(), kept.tag(), new String(body, StandardCharsets.UTF_8), kept.shows());
    }

    private byte[] seed(Claim claim) {
        var seed = claim.seed();
        if (seed == null) {
            throw new IllegalStateException("a claim has neither a seed nor an answer: " + claim);
        }
        return open(claim, seed);
    }

    private byte[] open(Claim claim, Sealed sealed) {
        return encryption
                .open(claim.id(), sealed)
                .orElseThrow(() -> new IllegalStateException(
                        "the key-encryption keys of the settings do not open a claim: key=" + sealed.key()));
    }

    private static FailureException inProgress(Duration left) {
        return new Failure.RequestInProgress(Math.max(1, left.plusMillis(999).toSeconds())).asException();
    }

    private static String hex(String key) {
        return HexFormat.of().formatHex(sha256(key.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
