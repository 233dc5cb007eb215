package dev.offshoot.runtime.checks;

import static dev.offshoot.runtime.checks.Unsafe.severe;
import static dev.offshoot.runtime.checks.Unsafe.unusable;
import static dev.offshoot.runtime.checks.Unsafe.warning;

import com.mongodb.ConnectionString;
import com.mongodb.MongoConfigurationException;
import com.mongodb.ReadPreference;
import com.mongodb.ServerAddress;
import dev.offshoot.settings.Settings;
import io.quarkus.mongodb.runtime.MongoClientConfig;
import io.quarkus.mongodb.runtime.MongoConfig;
import io.quarkus.runtime.ImageMode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether there is a database that can be reached as the settings say, and whether what it acknowledged stays and is
 * read.
 */
@Singleton
public class DatabaseSettings implements SettingCheck {
    private static final String CONNECTION_STRING = "QUARKUS_MONGODB_CONNECTION_STRING";
    private static final String READ_PREFERENCE = "QUARKUS_MONGODB_READ_PREFERENCE";
    private static final String WRITE_CONCERN = "QUARKUS_MONGODB_WRITE_CONCERN_";
    private static final String MAX_POOL_SIZE = "QUARKUS_MONGODB_MAX_POOL_SIZE";
    private static final int DRIVERS_MAX_POOL_SIZE = 100;

    /** One for requests and one for background jobs. */
    private static final int LEAST_POOL_SIZE = 2;

    private static final String TAKE_IT_OUT = "Take the setting out.";

    private static final Unsafe HOST_UNKNOWN = unusable(
            CONNECTION_STRING,
            "names a host that can't be looked up",
            "Check the name after mongodb+srv://, and whether this machine reaches its name server.");
    private static final Unsafe MALFORMED = unusable(
            CONNECTION_STRING,
            "is not a MongoDB connection string",
            "It reads mongodb://user:password@host1,host2/?replicaSet=name; what is special in the password is"
                    + " percent-encoded.");

    private static final Unsafe COMPRESSED = unusable(
            CONNECTION_STRING,
            "names a compressor that is not there: no connection to the database can be used",
            "Take compressors out. A JVM has zlib, and a native image none.");

    /** Of Java itself. The libraries of snappy and zstd are not there, and an image leaves out what would ask for them. */
    private static final Set<String> COMPRESSORS_OF_A_JVM = Set.of("zlib");

    private static final Pattern COMPRESSORS = Pattern.compile("(?i)[?&;]compressors=([^&;]*)");
    private static final String SOCKET = ".sock";

    private final MongoClientConfig client;
    private final Settings config;
    private final DatabaseChoice choice;
    private final Set<String> compressors;

    @Inject
    DatabaseSettings(MongoConfig mongo, Settings config, DatabaseChoice choice) {
        this(mongo, config, choice, !ImageMode.current().isNativeImage());
    }

    DatabaseSettings(MongoConfig mongo, Settings config, DatabaseChoice choice, boolean onJvm) {
        this.compressors = onJvm ? COMPRESSORS_OF_A_JVM : Set.of();
        this.client = Objects.requireNonNull(mongo.clients().get(MongoConfig.DEFAULT_CLIENT_NAME));
        this.config = config;
        this.choice = choice;
    }

    @Override
    public Stream<Unsafe> unsafe() {
        if (choice.isDemoStore()) {
            return Stream.empty();
        }
        return client.connectionString()
                .map(text -> Stream.of(demonstration(), connection(text), pool(), readPreference(), writes())
                        .flatMap(each -> each))
                .orElseGet(() -> Stream.of(unusable(
                        CONNECTION_STRING,
                        "is not set: there is no database",
                        "Set it to a MongoDB connection string; or, to try it out on a JVM, set OFFSHOOT_DEMO=true,"
                                + " which uses an embedded store that is not for production.")));
    }

    private Stream<Unsafe> demonstration() {
        return config.demo()
                ? Stream.of(warning(
                        "OFFSHOOT_DEMO",
                        "is true beside a database of its own: unsafe settings do not stop the start",
                        TAKE_IT_OUT))
                : Stream.empty();
    }

    private Stream<Unsafe> connection(String text) {
        try {
            var read = new ConnectionString(text);
            return Stream.of(
                            compression(text),
                            unixSocket(read),
                            proxy(read),
                            readPreference(read),
                            encryption(read),
                            oneServer(read))
                    .flatMap(Optional::stream);
        } catch (MongoConfigurationException nameNotFound) {
            return Stream.of(HOST_UNKNOWN);
        } catch (IllegalArgumentException malformed) {
            return Stream.of(malformed(malformed));
        }
    }

    private static Unsafe malformed(IllegalArgumentException failure) {
        return String.valueOf(failure.getMessage()).contains("compressor") ? COMPRESSED : MALFORMED;
    }

    /** By the text, since a native image reads some compressors as none. */
    private Optional<Unsafe> compression(String text) {
        return COMPRESSORS
                .matcher(text)
                .results()
                .map(found -> URLDecoder.decode(found.group(1), StandardCharsets.UTF_8))
                .flatMap(names -> Stream.of(names.split(",")))
                .filter(name -> !name.isEmpty() && !compressors.contains(name))
                .findFirst()
                .map(missing -> COMPRESSED);
    }

    /** The driver takes the path for the name of a host, and an image throws at it. */
    private static Optional<Unsafe> unixSocket(ConnectionString read) {
        return read.getHosts().stream()
                .filter(host -> host.endsWith(SOCKET))
                .findFirst()
                .map(socket -> unusable(
                        CONNECTION_STRING,
                        "names a Unix socket, which the driver can't use here: there is no database",
                        "Name the host and port that the database listens on, such as 127.0.0.1:27017."));
    }

    /**
     * What is wrong with the connection string, where reading it is what failed. The framework reads it before any check
     * runs, and knows no better than to throw.
     */
    public static Optional<Unsafe> unreadable(Throwable failure) {
        if (failure instanceof MongoConfigurationException) {
            return Optional.of(HOST_UNKNOWN);
        }
        return failure instanceof IllegalArgumentException malformed
                        && Stream.of(failure.getStackTrace())
                                .map(StackTraceElement::getClassName)
                                .anyMatch(ConnectionString.class.getName()::equals)
                ? Optional.of(malformed(malformed))
                : Optional.empty();
    }

    private static Optional<Unsafe> proxy(ConnectionString read) {
        return read.getProxyHost() == null
                ? Optional.empty()
                : Optional.of(unusable(
                        CONNECTION_STRING,
                        "names a proxy, which the driver can't use here: there is no database",
                        "Take proxyHost and what belongs to it out, and name hosts that can be reached from here."));
    }

    private Stream<Unsafe> pool() {
        var most = client.maxPoolSize().orElse(DRIVERS_MAX_POOL_SIZE);
        var fewest = client.minPoolSize().orElse(0);
        if (most < LEAST_POOL_SIZE) {
            return Stream.of(unusable(
                    MAX_POOL_SIZE,
                    "is less than " + LEAST_POOL_SIZE
                            + ": background jobs never take the last connection, so none would" + " ever run",
                    "Set it to " + LEAST_POOL_SIZE + " or more."));
        }
        return fewest < 0 || fewest > most
                ? Stream.of(unusable(
                        "QUARKUS_MONGODB_MIN_POOL_SIZE",
                        "is negative, or larger than " + MAX_POOL_SIZE + ", which is " + most,
                        "Set it to that or less."))
                : Stream.empty();
    }

    private Stream<Unsafe> readPreference() {
        try {
            return client
                    .readPreference()
                    .map(ReadPreference::valueOf)
                    .flatMap(preference -> secondaries(READ_PREFERENCE, preference))
                    .stream();
        } catch (IllegalArgumentException unknown) {
            return Stream.of(unusable(READ_PREFERENCE, "is not a read preference", TAKE_IT_OUT));
        }
    }

    /** That of the connection string counts where there is no setting for it. */
    private Optional<Unsafe> readPreference(ConnectionString read) {
        return client.readPreference().isPresent()
                ? Optional.empty()
                : Optional.ofNullable(read.getReadPreference())
                        .flatMap(preference -> secondaries(CONNECTION_STRING, preference));
    }

    private static Optional<Unsafe> secondaries(String setting, ReadPreference preference) {
        return preference.equals(ReadPreference.primary())
                ? Optional.empty()
                : Optional.of(severe(
                        setting,
                        "reads from secondaries, which lag behind: revoked keys stay good, and months close with less"
                                + " than was reported",
                        "Take the read preference out, so that the primary is read."));
    }

    @SuppressWarnings("removal") // as long as operators can set it, it is looked at
    private Optional<Unsafe> encryption(ConnectionString read) {
        var encrypted =
                client.tls() || client.tlsConfigurationName().isPresent() || Boolean.TRUE.equals(read.getSslEnabled());
        var unverified = client.tlsInsecure() || Boolean.TRUE.equals(read.getSslInvalidHostnameAllowed());
        var local = read.getHosts().stream()
                .filter(host -> !host.endsWith(SOCKET))
                .map(ServerAddress::new)
                .map(ServerAddress::getHost)
                .allMatch(HttpSettings::isLoopback);
        if (local || (encrypted && !unverified)) {
            return Optional.empty();
        }
        return Optional.of(warning(
                CONNECTION_STRING,
                encrypted
                        ? "does not check whose certificate it is shown: who stands between reads and changes everything"
                        : "has no TLS for a database on another machine: password and data cross the network in the"
                                + " clear",
                "Have tls=true in it, and tlsInsecure and tlsAllowInvalidHostnames not."));
    }

    private Optional<Unsafe> oneServer(ConnectionString read) {
        var manyKnown = read.isSrvProtocol()
                || read.getHosts().size() > 1
                || read.getRequiredReplicaSetName() != null
                || client.replicaSetName().isPresent();
        return manyKnown && !Boolean.TRUE.equals(read.isDirectConnection())
                ? Optional.empty()
                : Optional.of(warning(
                        CONNECTION_STRING,
                        "names one server and no replica set: where that server stops, so does the service",
                        "Name the members of a replica set, and the set: …/?replicaSet=name. (It is right for a mongos"
                                + " behind one address.)"));
    }

    /** The framework's settings win over those of the connection string. */
    private Stream<Unsafe> writes() {
        return Stream.of(majority(), journal(), retries()).flatMap(Optional::stream);
    }

    private Optional<Unsafe> majority() {
        var concern = client.writeConcern();
        if (!concern.safe()) {
            return Optional.of(lost("SAFE", "is off"));
        }
        return concern.w().filter("majority"::equals).isPresent()
                ? Optional.empty()
                : Optional.of(lost("W", "is not majority"));
    }

    private Optional<Unsafe> journal() {
        return client.writeConcern().journal() ? Optional.empty() : Optional.of(lost("JOURNAL", "is off"));
    }

    private Optional<Unsafe> retries() {
        return client.writeConcern().retryWrites()
                ? Optional.empty()
                : Optional.of(warning(
                        WRITE_CONCERN + "RETRY_WRITES",
                        "is off: at each election of a primary, writes under way are answered 503",
                        TAKE_IT_OUT));
    }

    private static Unsafe lost(String setting, String flaw) {
        return severe(
                WRITE_CONCERN + setting,
                flaw + ": what was acknowledged is lost when the primary fails, so that a revoked key is good again",
                TAKE_IT_OUT);
    }
}
