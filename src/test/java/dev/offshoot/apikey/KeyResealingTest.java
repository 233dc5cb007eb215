package dev.offshoot.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.digest.Sealed;
import dev.offshoot.idempotency.ClaimRepository;
import dev.offshoot.telemetry.BackgroundWork;
import dev.offshoot.testing.Cases;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ProxiedInstallation;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.value.KeyId;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Resealing what one test stored, which stands first in the order of ids, among whatever other tests left. */
@QuarkusTest
@WithTestResource(value = ProxiedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class KeyResealingTest {
    /** More than a batch: found, resealed, found, resealed. */
    private static final int KEYS = KeyResealing.BATCH + 3;

    private static final int COMMANDS = 4;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What they are sealed under before, and what nobody has any more. */
    private final String previous = KeyEncryption.mintKey("previous-" + new ObjectId());

    private final String lost = KeyEncryption.mintKey("lost-" + new ObjectId());

    private final KeyEncryption before = KeyEncryption.of(previous, List.of()).orElseThrow();
    private final KeyEncryption both =
            KeyEncryption.of(Installation.encryptionKey(), List.of(previous)).orElseThrow();

    @Inject
    KeyRepository keys;

    @Inject
    ClaimRepository claims;

    private final Document pattern = Objects.requireNonNull(collection()
            .find(Filters.eq(
                    "_id",
                    KeySecret.parse(Installation.rootKey()).orElseThrow().id().value()))
            .first());

    @AfterEach
    void clearAway() {
        ProxiedInstallation.proxy().heal();
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> PartnerClient.root().send("GET", "/organisations").status() == 200);
        collection().deleteMany(Filters.regex("_id", "^00000"));
    }

    @Test
    void everythingIsSealedUnderTheCurrentKeyAndOpensToTheSame() {
        store(KEYS, before);

        var outcome = reseal();

        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.resealed()).isEqualTo(KEYS);
        assertThat(outcome.current()).isEqualTo("test");
        assertThat(outcome.good()).isGreaterThanOrEqualTo(KEYS);
        assertThat(outcome.unknown()).doesNotContainKey(before.currentId());
        assertThat(outcome.broken()).doesNotContainKey(before.currentId());
        assertThat(sealedUnder("test")).isEqualTo(KEYS);
        assertOpen(KeyEncryption.of(Installation.encryptionKey(), List.of()).orElseThrow());
    }

    @Test
    void againItFindsNothingToDo() {
        store(3, before);
        reseal();
        var sealed = stored();

        assertThat(reseal().resealed()).isZero();
        assertThat(stored()).isEqualTo(sealed);
    }

    @Test
    void whatItCannotOpenIsCountedByTheReasonAndLeftAlone() {
        store(5, KeyEncryption.of(lost, List.of()).orElseThrow());
        collection().updateOne(Filters.eq("_id", id(1)), new Document("$set", new Document("sealed_ha1.key", "test")));
        var sealed = stored();

        var outcome = reseal();

        assertThat(outcome.unknown())
                .containsEntry(KeyEncryption.idOf(lost).orElseThrow(), 4L)
                .doesNotContainKey("test");
        assertThat(outcome.broken().get("test")).isPositive();
        assertThat(outcome.allGood()).isFalse();
        assertThat(stored()).isEqualTo(sealed);
    }

    /** Of either list: both say that the settings' key is not the one that sealed. */
    @Test
    void whatAPreviousKeyDoesNotOpenIsNotCalledUnknown() {
        store(3, before);
        collection()
                .updateOne(
                        Filters.eq("_id", id(1)),
                        new Document("$set", new Document("sealed_ha1.text", new Binary(new byte[32]))));

        var outcome = reseal();

        assertThat(outcome.broken()).containsEntry(before.currentId(), 1L);
        assertThat(outcome.unknown()).doesNotContainKey(before.currentId());
        assertThat(outcome.resealed()).isEqualTo(2);
        assertThat(outcome.allGood()).isFalse();
    }

    @Test
    void keyWithoutASealIsPassedOver() {
        store(2, before);
        collection().updateOne(Filters.eq("_id", id(1)), new Document("$unset", new Document("sealed_ha1", "")));

        assertThat(reseal().resealed()).isEqualTo(1);
    }

    @Test
    void cutAtAnyCommandEveryKeyStaysOpenAndTheNextRunEndsIt() {
        var number = 0;
        for (var action : List.of(Action.CUT_BEFORE, Action.CUT_AFTER)) {
            for (var command = 1; command <= COMMANDS; command++) {
                if (!Cases.runs(number++)) {
                    continue;
                }
                collection().deleteMany(Filters.regex("_id", "^00000"));
                store(KEYS, before);
                ProxiedInstallation.proxy().arm(command, action);

                assertThatThrownBy(this::reseal).isInstanceOf(MongoException.class);
                assertThat(ProxiedInstallation.proxy().hasActed()).isTrue();
                assertOpen(both);

                ProxiedInstallation.proxy().heal();
                Awaitility.await().atMost(LIMIT).ignoreExceptions().until(() -> reseal().complete());
                assertThat(sealedUnder("test")).isEqualTo(KEYS);
                assertOpen(both);
            }
        }
    }

    @Test
    void twoAtOnceDoNoHarm() {
        store(KEYS, before);

        var outcomes = Stream.of(both, both)
                .map(encryption ->
                        new KeyResealing(keys, claims, encryption).run().subscribeAsCompletionStage())
                .toList();

        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome)
                .succeedsWithin(LIMIT)
                .satisfies(end -> assertThat(end.complete()).isTrue()));
        assertThat(outcomes.stream()
                        .mapToLong(
                                outcome -> outcome.toCompletableFuture().join().resealed())
                        .sum())
                .as("what one of them replaced, the other did not")
                .isEqualTo(KEYS);
        assertThat(sealedUnder("test")).isEqualTo(KEYS);
        assertOpen(both);
    }

    /** A claim holds a seal of its own kind before and after there is an answer. */
    @ParameterizedTest
    @ValueSource(strings = {"seed", "answer.body"})
    void claimsAreSealedAnewToo(String field) {
        var id = "000000000000000000000000/" + field;
        var secret = new byte[] {1, 2, 3};
        var claim = new Document("_id", id)
                .append("lineage", List.of(new ObjectId()))
                .append("tenant", new ObjectId())
                .append("roles", List.of())
                .append("fingerprint", new Binary(new byte[32]))
                .append("attempt", new ObjectId())
                .append("leased_until", new Date())
                .append("created_at", new Date());
        var sealed = document(before.seal(id, secret));
        var isAnswer = field.startsWith("answer");
        claim.append(
                isAnswer ? "answer" : "seed", isAnswer ? new Document("status", 200).append("body", sealed) : sealed);
        var stored = TestDatabase.data().getCollection("requests");
        stored.insertOne(claim);
        try {
            assertThat(reseal().resealed()).isEqualTo(1);

            var fresh = Objects.requireNonNull(
                            stored.find(Filters.eq("_id", id)).first())
                    .getEmbedded(List.of(field.split("\\.")), Document.class);
            assertThat(fresh.getString("key")).isEqualTo("test");
            assertThat(both.open(id, sealed(fresh))).contains(secret);
        } finally {
            stored.deleteOne(Filters.eq("_id", id));
        }
    }

    private static Sealed sealed(Document stored) {
        return new Sealed(stored.getString("key"), stored.get("iv", Binary.class), stored.get("text", Binary.class));
    }

    /** The write is under the seal that was read: what another run put there meanwhile is not undone. */
    @Test
    void sealThatWasReplacedMeanwhileStays() throws Exception {
        store(1, before);
        ProxiedInstallation.proxy().arm(2, Action.HOLD);
        var late = new KeyResealing(keys, claims, both).run().subscribeAsCompletionStage();
        ProxiedInstallation.proxy().awaitHeld();
        var other = both.seal(new KeyId(id(1)), ha1(1));
        collection()
                .updateOne(Filters.eq("_id", id(1)), new Document("$set", new Document("sealed_ha1", document(other))));
        var sealed = stored();

        ProxiedInstallation.proxy().release();

        assertThat(late).succeedsWithin(LIMIT).satisfies(outcome -> assertThat(outcome.resealed())
                .isZero());
        assertThat(stored()).isEqualTo(sealed);
    }

    private KeyResealing.Outcome reseal() {
        return BackgroundWork.of(new KeyResealing(keys, claims, both).run())
                .await()
                .atMost(LIMIT);
    }

    private void store(int count, KeyEncryption encryption) {
        collection()
                .insertMany(IntStream.rangeClosed(1, count)
                        .mapToObj(number -> new Document(pattern)
                                .append("_id", id(number))
                                .append("sealed_ha1", document(encryption.seal(new KeyId(id(number)), ha1(number)))))
                        .toList());
    }

    private static Document document(Sealed sealed) {
        return new Document("key", sealed.key()).append("iv", sealed.iv()).append("text", sealed.text());
    }

    private static void assertOpen(KeyEncryption encryption) {
        assertThat(stored()).hasSize(KEYS).allSatisfy(key -> {
            var opened =
                    encryption.open(new KeyId(key.getString("_id")), sealed(key.get("sealed_ha1", Document.class)));
            assertThat(opened)
                    .hasValueSatisfying(
                            ha1 -> assertThat(id(ByteBuffer.wrap(ha1).getInt())).isEqualTo(key.getString("_id")));
        });
    }

    private static long sealedUnder(String key) {
        return stored().stream()
                .filter(each ->
                        each.get("sealed_ha1", Document.class).getString("key").equals(key))
                .count();
    }

    private static List<Document> stored() {
        return collection()
                .find(Filters.regex("_id", "^00000"))
                .sort(new Document("_id", 1))
                .into(new ArrayList<>());
    }

    private static String id(int number) {
        return "%012d".formatted(number);
    }

    private static byte[] ha1(int number) {
        return ByteBuffer.allocate(16).putInt(number).array();
    }

    private static MongoCollection<Document> collection() {
        return TestDatabase.data().getCollection("api_keys");
    }
}
