package dev.offshoot.testing;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.ne;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.offshoot.value.OrgId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * The database of a test run: the one of {@code TEST_MONGODB_URI}, else a {@code mongod} (on the PATH, or
 * {@code MONGOD_BIN}) as a replica set of one, else the embedded server in memory. It has a database name of its own and
 * says once which one it is.
 */
public final class TestDatabase {
    private static final String URI = "test-run.mongodb-uri";
    private static final String KIND = "test-run.mongodb-kind";
    private static final String NAME = "test-run.mongodb-name";
    private static final String ALL_NAMES = "test-run.mongodb-names";
    private static final String KEY_PLACES = "test-run.key-places";

    private static @Nullable MongoClient client;

    private TestDatabase() {}

    /** Which of the three it is. */
    public enum Kind {
        GIVEN,
        MONGOD,
        EMBEDDED
    }

    /** Its connection string; the first to ask starts it. (System properties reach every class loader of the run.) */
    public static synchronized String uri() {
        if (!isStarted()) {
            start();
        }
        return System.getProperty(URI);
    }

    /** Whether any test has asked for it. */
    static boolean isStarted() {
        return System.getProperty(URI) != null;
    }

    public static Kind kind() {
        uri();
        return Kind.valueOf(System.getProperty(KIND));
    }

    /** Whether it has real indexes; the embedded one accepts and ignores them. */
    public static boolean hasIndexes() {
        return kind() != Kind.EMBEDDED;
    }

    public static String name() {
        uri();
        return System.getProperty(NAME);
    }

    /** A name for a further database of the run's. */
    public static synchronized String newName() {
        var name = "offshoot_test_" + new ObjectId();
        note(ALL_NAMES, name);
        return name;
    }

    /** Where whole keys are or were in the databases of the run. */
    static List<String> placesOfKeys() {
        var places = new ArrayList<>(noted(KEY_PLACES));
        places.addAll(findInAll(KeySearch::in));
        return places;
    }

    /** What the question finds in all databases that the run has had. */
    static <T> List<T> findInAll(Function<MongoDatabase, List<T>> question) {
        var found = new ArrayList<T>();
        noted(ALL_NAMES).forEach(name -> found.addAll(question.apply(client().getDatabase(name))));
        return found;
    }

    /** The service's own data, to put a record into a state that no call leads to, or to look at what is stored. */
    public static MongoDatabase data() {
        return client().getDatabase(name());
    }

    /** Removes everything but what the root partner itself has, and remembers where a key was in it. */
    public static synchronized void clear() {
        KeySearch.in(data()).forEach(place -> note(KEY_PLACES, place));
        var notOfTheRoot = and(ne("_id", OrgId.ROOT.value()), ne("organisation", OrgId.ROOT.value()));
        for (var collection : data().listCollectionNames()) {
            if (!collection.equals("migrations")) {
                data().getCollection(collection).deleteMany(notOfTheRoot);
            }
        }
    }

    /** A client of the tests' own. */
    public static synchronized MongoClient client() {
        if (client == null) {
            client = MongoClients.create(uri());
        }
        return client;
    }

    private static void start() {
        var given = Optional.ofNullable(System.getenv("TEST_MONGODB_URI")).filter(uri -> !uri.isBlank());
        var mongod = mongod();
        if (given.isPresent()) {
            use(Kind.GIVEN, given.get());
        } else if (mongod.isPresent()) {
            use(Kind.MONGOD, startReplicaSet(mongod.get()));
        } else {
            use(Kind.EMBEDDED, startEmbedded());
        }
        System.out.println("Tests run on database: " + System.getProperty(KIND) + " " + System.getProperty(NAME));
    }

    private static void use(Kind kind, String uri) {
        System.setProperty(KIND, kind.name());
        System.setProperty(NAME, newName());
        System.setProperty(URI, uri);
    }

    private static void note(String list, String value) {
        System.setProperty(list, System.getProperty(list, "") + value + "\n");
    }

    private static List<String> noted(String list) {
        return System.getProperty(list, "").lines().toList();
    }

    private static String startEmbedded() {
        var server = new MongoServer(new MemoryBackend());
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        return "mongodb://127.0.0.1:" + server.getLocalAddress().getPort();
    }

    private static Optional<Path> mongod() {
        var named = Optional.ofNullable(System.getenv("MONGOD_BIN")).map(Path::of);
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return named.or(() -> Arrays.stream(path.split(java.io.File.pathSeparator))
                .map(folder -> Path.of(folder, "mongod"))
                .filter(Files::isExecutable)
                .findFirst());
    }

    private static String startReplicaSet(Path mongod) {
        try (var free = new ServerSocket(0)) {
            var port = String.valueOf(free.getLocalPort());
            free.close();
            var data = Files.createTempDirectory("offshoot-mongod");
            var command = List.of(
                    mongod.toString(),
                    "--dbpath=" + data,
                    "--port=" + port,
                    "--bind_ip=127.0.0.1",
                    "--replSet=test",
                    "--logpath=" + data.resolve("mongod.log"));
            var process = new ProcessBuilder(command).inheritIO().start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            initiate(port);
            return "mongodb://127.0.0.1:" + port + "/?replicaSet=test";
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot start " + mongod, failure);
        }
    }

    private static void initiate(String port) {
        try (var direct = MongoClients.create("mongodb://127.0.0.1:" + port + "/?directConnection=true")) {
            var member = new Document("_id", 0).append("host", "127.0.0.1:" + port);
            direct.getDatabase("admin")
                    .runCommand(new Document(
                            "replSetInitiate", new Document("_id", "test").append("members", List.of(member))));
        }
    }
}
