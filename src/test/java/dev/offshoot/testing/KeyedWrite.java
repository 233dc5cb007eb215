package dev.offshoot.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.testing.Http.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A write under an {@code Idempotency-Key}, of a partner of its own.
 *
 * @param organisation the partner's
 * @param client its caller, whose key no cache has seen
 * @param check what has to be so in the end
 * @param changeByOther changes, after the first try, what the write changes
 * @param changeTakenBack takes back, once the change is made, all that it changed
 */
public record KeyedWrite(
        String organisation,
        PartnerClient client,
        String method,
        String path,
        @Nullable String body,
        Check check,
        Runnable changeByOther,
        Runnable changeTakenBack) {

    /** Looks at an answer, and as that client at what is there. */
    public interface Check {
        void accept(PartnerClient client, Answer answer);
    }

    KeyedWrite(
            String organisation, PartnerClient client, String method, String path, @Nullable String body, Check check) {
        this(organisation, client, method, path, body, check, () -> {}, () -> {});
    }

    /** The same, sent by another client. */
    public KeyedWrite by(PartnerClient other) {
        return new KeyedWrite(organisation, other, method, path, body, check, changeByOther, changeTakenBack);
    }

    /** Another request, which asks for the same: with so many spaces behind the body, if there is one. */
    public KeyedWrite withSpaces(int spaces) {
        return body == null
                ? this
                : new KeyedWrite(
                        organisation,
                        client,
                        method,
                        path,
                        body + " ".repeat(spaces),
                        check,
                        changeByOther,
                        changeTakenBack);
    }

    public Answer send() {
        return client.call(method, path, body, Map.of("Idempotency-Key", path));
    }

    /** Sends it until the service has time for it. A lease ends at once here. */
    public Answer sendUntilAnswered() {
        var answer = new AtomicReference<Answer>();
        await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ZERO).until(() -> {
            Stored.endLeases(client);
            answer.set(send());
            return answer.get().status() != 503 && !answer.get().body().contains("request_in_progress");
        });
        return answer.get();
    }

    /** Sends it, and says how many database commands it has when nothing is cut. */
    public int commands(CuttingProxy proxy) {
        proxy.count();
        assertThat(send().status()).isEqualTo(200);
        return proxy.seen();
    }

    /** Fails unless what the answer says is so. */
    public void check(Answer answer) {
        check.accept(client, answer);
    }
}
