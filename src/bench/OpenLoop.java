import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends one call at a steady rate, whether or not the calls before have been answered, as users do who don't know of each
 * other. It prints how many were answered 200, 503 and otherwise, and how long the answers took, from the time when each
 * call was due. A call that gets no answer in ten seconds counts as answered otherwise.
 *
 * <p>Arguments: calls a second, seconds, method, URL, key, body (may be empty).
 */
final class OpenLoop {
    private static final int MOST_CONNECTIONS = 4000;
    private static final int GIVEN_UP_AFTER_SECONDS = 10;
    private static final int WARM_UP_SECONDS = 3;
    private static final double MICROS_A_MILLI = 1000;

    private int good;
    private int refused;
    private int other;
    private final List<Long> tookMicros = new ArrayList<>();

    private final Context context;

    private OpenLoop(Context context) {
        this.context = context;
    }

    public static void main(String... arguments) throws Exception {
        var vertx = Vertx.vertx();
        var client = vertx.createHttpClient(
                new HttpClientOptions().setMaxWaitQueueSize(-1), new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
        var options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(arguments[2]))
                .setAbsoluteURI(arguments[3])
                .putHeader("x-api-key", arguments[4])
                .putHeader("Content-Type", "application/json")
                .setTimeout(TimeUnit.SECONDS.toMillis(GIVEN_UP_AFTER_SECONDS));
        var rate = Double.parseDouble(arguments[0]);
        var body = Buffer.buffer(arguments[5]);
        var context = vertx.getOrCreateContext();
        new OpenLoop(context).run(client, options, body, rate / 10, WARM_UP_SECONDS);
        var loop = new OpenLoop(context);
        loop.run(client, options, body, rate, Integer.parseInt(arguments[1]));
        loop.report();
        System.exit(0);
    }

    private void run(HttpClient client, RequestOptions options, Buffer body, double rate, int seconds) throws Exception {
        var sent = new ArrayList<Future<?>>();
        var began = System.nanoTime();
        var calls = (int) (rate * seconds);
        for (var call = 0; call < calls; call++) {
            var due = began + (long) (call * TimeUnit.SECONDS.toNanos(1) / rate);
            for (var wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            sent.add(send(client, options, body)
                    .onComplete(answer -> note(answer.succeeded() ? answer.result() : 0, System.nanoTime() - due)));
        }
        var all = Future.join(sent).otherwiseEmpty().toCompletionStage().toCompletableFuture();
        all.completeOnTimeout(null, GIVEN_UP_AFTER_SECONDS, TimeUnit.SECONDS).get();
        noteUnanswered(calls);
    }

    /** On an event loop: elsewhere the end of an answer may come before anybody asks for its body. */
    private Future<Integer> send(HttpClient client, RequestOptions options, Buffer body) {
        var answered = Promise.<Integer>promise();
        context.runOnContext(here -> client.request(new RequestOptions(options))
                .compose(request -> request.send(body))
                .compose(response -> response.body().map(received -> response.statusCode()))
                .onComplete(answered));
        return answered.future();
    }

    private synchronized void note(int status, long nanos) {
        switch (status) {
            case 200 -> good++;
            case 503 -> refused++;
            default -> other++;
        }
        tookMicros.add(TimeUnit.NANOSECONDS.toMicros(nanos));
    }

    private synchronized void noteUnanswered(int calls) {
        other = calls - good - refused;
    }

    private synchronized void report() {
        Collections.sort(tookMicros);
        System.out.printf("figures %d %d %d %.1f %.1f%n", good, refused, other, millis(50), millis(99));
    }

    private double millis(int percentile) {
        return tookMicros.get((tookMicros.size() - 1) * percentile / 100) / MICROS_A_MILLI;
    }
}
