import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.ne;

import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoCollection;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The least that a look-up can cost: the reactive driver that the service uses sends the service's queries and decodes what
 * they find into plain documents. Nobody reads these, and no request causes them: {@code GET /get?seconds=5} looks
 * organisations up for so long, and {@code /list} pages of 50 with their total, 32 at once; {@code ?count=1000} does so many.
 * It answers how many it did, the nanoseconds that they took, and how many failed.
 *
 * <p>Arguments: the database's URI, its name, the id of the partner, and the file with the ids beneath it.
 */
final class DriverLookUp {
    private static final int AT_ONCE = 32;
    private static final int PAGE = 51;

    private final MongoCollection<Document> organisations;
    private final ObjectId partner;
    private final List<ObjectId> ids;
    private final AtomicInteger next = new AtomicInteger();

    private DriverLookUp(MongoCollection<Document> organisations, ObjectId partner, List<ObjectId> ids) {
        this.organisations = organisations;
        this.partner = partner;
        this.ids = ids;
    }

    public static void main(String... arguments) throws Exception {
        var client = MongoClients.create(arguments[0]);
        try (var lines = Files.lines(Path.of(arguments[3]))) {
            var ids = lines.limit(1000).map(line -> new ObjectId(line.split(" ")[0])).toList();
            var organisations = client.getDatabase(arguments[1]).getCollection("organisations");
            var lookUps = new DriverLookUp(organisations, new ObjectId(arguments[2]), ids);
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            lookUps.serve(server, "/get", lookUps::get);
            lookUps.serve(server, "/list", lookUps::list);
            server.start();
            System.out.println("Listening on: http://127.0.0.1:" + server.getAddress().getPort());
        }
    }

    private void serve(HttpServer server, String path, Supplier<List<Publisher<?>>> lookUp) {
        server.createContext(path, exchange -> {
            var query = exchange.getRequestURI().getQuery().split("=");
            var most = Long.parseLong(query[1]);
            var result = query[0].equals("count")
                    ? run(lookUp, most, Long.MAX_VALUE)
                    : run(lookUp, Long.MAX_VALUE, TimeUnit.SECONDS.toNanos(most));
            var body = result.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private String run(Supplier<List<Publisher<?>>> lookUp, long most, long nanos) {
        var began = System.nanoTime();
        var started = new AtomicLong();
        var failed = new AtomicLong();
        var done = new AtomicLong();
        var idle = new CountDownLatch(AT_ONCE);
        for (var each = 0; each < AT_ONCE; each++) {
            again(() -> started.incrementAndGet() <= most && System.nanoTime() - began < nanos, lookUp, done, failed, idle);
        }
        try {
            idle.await();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
        return done.get() + " " + (System.nanoTime() - began) + " " + failed.get();
    }

    private void again(
            Supplier<Boolean> goesOn, Supplier<List<Publisher<?>>> lookUp, AtomicLong done, AtomicLong failed, CountDownLatch idle) {
        if (!goesOn.get()) {
            idle.countDown();
            return;
        }
        var parts = lookUp.get();
        var open = new AtomicInteger(parts.size());
        parts.forEach(part -> part.subscribe(new Drain(failed, () -> {
            if (open.decrementAndGet() == 0) {
                done.incrementAndGet();
                again(goesOn, lookUp, done, failed, idle);
            }
        })));
    }

    private List<Publisher<?>> get() {
        var id = ids.get(Math.floorMod(next.getAndIncrement(), ids.size()));
        return List.of(organisations.find(within(eq("_id", id))).limit(1).first());
    }

    private List<Publisher<?>> list() {
        var children = within(eq("parent", partner));
        return List.of(
                organisations.find(children).sort(Sorts.ascending("_id")).limit(PAGE).batchSize(PAGE),
                organisations.countDocuments(children));
    }

    /** What the service asks: live, and beneath the caller's organisation. */
    private Bson within(Bson filter) {
        var inside = expr(new Document(Map.of("$in", List.of(partner, "$lineage"))));
        return and(filter, eq("deleted", false), inside, ne("lineage.0", partner));
    }

    private record Drain(AtomicLong failed, Runnable then) implements Subscriber<Object> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Object ignored) {}

        @Override
        public void onError(Throwable failure) {
            failed.incrementAndGet();
            then.run();
        }

        @Override
        public void onComplete() {
            then.run();
        }
    }
}
