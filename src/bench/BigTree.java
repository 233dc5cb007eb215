import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.InsertManyOptions;
import dev.offshoot.apikey.KeySecret;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/**
 * Makes a big tree out of a small one: it copies the organisation, key, member, usage day, open and closed month that the service
 * itself wrote for one customer, as often as it is asked to, each under ids of its own. So its documents are the service's.
 *
 * <p>Arguments: the database's URI, its name, the id of the partner, the id of the customer, the shape ({@code wide}: all
 * directly beneath the partner; {@code deep}: chains of 15; {@code realistic}: resellers with some fifty customers each, one
 * in ten of them beneath another reseller), the number of organisations, of keys, of members and of months of usage for each,
 * and a file for the ids and keys that it mints. The last month is the open one.
 */
final class BigTree {
    private static final int BATCH = 2000;
    private static final int WRITERS = 4;
    private static final int BATCHES_WAITING = 16;
    private static final int CHAIN = 15;
    private static final int CUSTOMERS_OF_RESELLER = 50;
    private static final int RESELLERS_OF_RESELLER = 10;

    private final MongoDatabase database;
    private final Models models;
    private final Counts counts;
    private final Map<String, List<Document>> batches = new HashMap<>();
    private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    private final Semaphore room = new Semaphore(BATCHES_WAITING);
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private BigTree(MongoDatabase database, Models models, Counts counts) {
        this.database = database;
        this.models = models;
        this.counts = counts;
    }

    /** What is copied. */
    private record Models(
            Document partner, Document customer, Document key, Document member, Document day, Document openMonth, Document closedMonth) {}

    /** How many of each an organisation gets. */
    private record Counts(int keys, int members, int months) {}

    /** Where an organisation is. */
    private record Place(ObjectId id, List<ObjectId> lineage) {
        static Place beneath(Place parent) {
            var id = new ObjectId();
            var lineage = new ArrayList<ObjectId>();
            lineage.add(id);
            lineage.addAll(parent.lineage());
            return new Place(id, lineage);
        }
    }

    public static void main(String... arguments) throws Exception {
        try (var client = MongoClients.create(arguments[0]);
                var minted = Files.newBufferedWriter(Path.of(arguments[9]))) {
            var database = client.getDatabase(arguments[1]);
            var models = models(database, new ObjectId(arguments[2]), new ObjectId(arguments[3]));
            var counts = new Counts(
                    Integer.parseInt(arguments[6]), Integer.parseInt(arguments[7]), Integer.parseInt(arguments[8]));
            new BigTree(database, models, counts).grow(arguments[4], Integer.parseInt(arguments[5]), minted);
        }
    }

    private static Models models(MongoDatabase database, ObjectId partner, ObjectId customer) {
        var today = LocalDate.now(ZoneOffset.UTC);
        Function<String, MongoCollection<Document>> of = database::getCollection;
        return new Models(
                only(of.apply("organisations"), new Document("_id", partner)),
                only(of.apply("organisations"), new Document("_id", customer)),
                only(of.apply("api_keys"), new Document("organisation", customer)),
                only(of.apply("members"), new Document("organisation", customer)),
                only(of.apply("usage_days"), monthOf(customer, YearMonth.from(today))),
                only(of.apply("usage_months"), monthOf(customer, YearMonth.from(today))),
                only(of.apply("usage_months"), monthOf(customer, YearMonth.from(today).minusMonths(1))));
    }

    private static Document monthOf(ObjectId customer, YearMonth month) {
        return new Document("organisation", customer).append("month", month.toString());
    }

    private static Document only(MongoCollection<Document> collection, Document filter) {
        return Objects.requireNonNull(
                collection.find(filter).first(), () -> "no model in " + collection.getNamespace() + ": " + filter);
    }

    private void grow(String shape, int organisations, BufferedWriter minted) throws Exception {
        var began = System.nanoTime();
        var top = new Place(models.partner().getObjectId("_id"), models.partner().getList("lineage", ObjectId.class));
        var parents = new ArrayList<>(List.of(top));
        for (var number = 0; number < organisations; number++) {
            var isPartner = isPartner(shape, number);
            var place = Place.beneath(parent(shape, number, top, parents));
            if (isPartner) {
                parents.add(place);
            }
            add(place, number, isPartner, minted);
            if ((number + 1) % BATCH == 0) {
                progress(number + 1, organisations, began);
            }
        }
        for (var collection : List.copyOf(batches.keySet())) {
            write(collection);
        }
        writers.shutdown();
        if (!writers.awaitTermination(1, TimeUnit.HOURS) || failed.get() > 0) {
            throw new IllegalStateException(failed.get() + " batches could not be written");
        }
        progress(organisations, organisations, began);
    }

    private static boolean isPartner(String shape, int number) {
        return switch (shape) {
            case "wide" -> false;
            case "deep" -> number % CHAIN != CHAIN - 1;
            case "realistic" -> number % CUSTOMERS_OF_RESELLER == 0;
            default -> throw new IllegalArgumentException("no such shape: " + shape);
        };
    }

    private static Place parent(String shape, int number, Place top, List<Place> parents) {
        return switch (shape) {
            case "wide" -> top;
            case "deep" -> number % CHAIN == 0 ? top : parents.get(parents.size() - 1);
            default -> {
                if (number % CUSTOMERS_OF_RESELLER != 0) {
                    yield parents.get(parents.size() - 1);
                }
                var reseller = number / CUSTOMERS_OF_RESELLER;
                yield reseller % RESELLERS_OF_RESELLER == 0 ? top : parents.get(1 + (reseller / RESELLERS_OF_RESELLER) * RESELLERS_OF_RESELLER);
            }
        };
    }

    private void add(Place place, int number, boolean isPartner, BufferedWriter minted) throws IOException {
        var name = "Customer %07d".formatted(number);
        var parent = place.lineage().get(1);
        var externalId = "customer-%07d".formatted(number);
        var key = "customer-%07d-%s".formatted(number, place.id());
        var division = new Document(models.customer().get("division", Document.class)).append("key", key);
        put(
                "organisations",
                placed(models.customer(), place)
                        .append("_id", place.id())
                        .append("parent", parent)
                        .append("depth", place.lineage().size() - 1)
                        .append("name", name)
                        .append("name_key", name.toLowerCase(Locale.ROOT))
                        .append("organisation_key", key)
                        .append("division", division)
                        .append("partner", isPartner)
                        .append("external_id", externalId)
                        .append("live_external_key", parent + "/" + externalId)
                        .append("members", counts.members())
                        .append("owners", List.of()));
        for (var each = 0; each < counts.keys(); each++) {
            var secret = KeySecret.mint();
            minted.write(place.id() + " " + secret.reveal() + "\n");
            put(
                    "api_keys",
                    placed(models.key(), place)
                            .append("_id", secret.id().value())
                            .append("digest", secret.digest())
                            .append("hint", secret.hint()));
        }
        for (var each = 0; each < counts.members(); each++) {
            var user = "user-" + each;
            put(
                    "members",
                    placed(models.member(), place)
                            .append("_id", place.id() + "/" + user)
                            .append("user_id", user)
                            .append("membership", new ObjectId()));
        }
        var open = YearMonth.now(ZoneOffset.UTC);
        for (var back = 0; back < counts.months(); back++) {
            addMonth(place, open.minusMonths(back), back == 0);
        }
    }

    /** Every day of the month has the usage of the model's one day. */
    private void addMonth(Place place, YearMonth month, boolean isOpen) {
        var model = isOpen ? models.openMonth() : models.closedMonth();
        var levels = new Document();
        var requests = new Document();
        for (var day = 1; day <= month.lengthOfMonth(); day++) {
            put(
                    "usage_days",
                    placed(models.day(), place)
                            .append("_id", place.id() + "/" + month.atDay(day))
                            .append("month", month.toString())
                            .append("derivation", new ObjectId()));
            levels.append("d%02d".formatted(day), onlyOf(model, "levels"));
            requests.append("d%02d".formatted(day), onlyOf(model, "requests"));
        }
        var ofDay = onlyOf(model, "requests").bigDecimalValue();
        put(
                "usage_months",
                placed(model, place)
                        .append("_id", place.id() + "/" + month)
                        .append("month", month.toString())
                        .append("levels", levels)
                        .append("requests", requests)
                        .append("total", new Decimal128(ofDay.multiply(BigDecimal.valueOf(month.lengthOfMonth()))))
                        .append("derivation", new ObjectId()));
    }

    private static Decimal128 onlyOf(Document month, String figures) {
        return (Decimal128) month.get(figures, Document.class).values().iterator().next();
    }

    /** A copy that belongs to that place. Nothing is pending of it, but that an open month will be closed. */
    private Document placed(Document model, Place place) {
        var copy = new Document(model)
                .append("lineage", place.lineage())
                .append("tenant", models.partner().getObjectId("tenant"));
        if (copy.containsKey("organisation")) {
            copy.append("organisation", place.id());
        }
        if (copy.remove("tasks") != null) {
            copy.remove("task_due_at");
        }
        return copy;
    }

    private void put(String collection, Document document) {
        var batch = batches.computeIfAbsent(collection, first -> new ArrayList<>(BATCH));
        batch.add(document);
        if (batch.size() == BATCH) {
            write(collection);
        }
    }

    private void write(String collection) {
        var batch = batches.remove(collection);
        room.acquireUninterruptibly();
        writers.execute(() -> {
            try {
                database.getCollection(collection).insertMany(batch, new InsertManyOptions().ordered(false));
                written.addAndGet(batch.size());
            } catch (RuntimeException failure) {
                failed.incrementAndGet();
                System.err.println(failure.getMessage());
            } finally {
                room.release();
            }
        });
    }

    private void progress(int done, int organisations, long began) {
        var seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
        System.err.printf(
                "%,d of %,d organisations, %,d documents, %,d a second%n",
                done, organisations, written.get(), written.get() / seconds);
    }
}
