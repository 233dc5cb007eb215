package dev.offshoot.runtime.demo;

import com.mongodb.ServerAddress;
import com.mongodb.connection.ClusterSettings;
import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.offshoot.runtime.checks.DatabaseChoice;
import dev.offshoot.settings.Settings;
import io.quarkus.arc.properties.UnlessBuildProperty;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The demo store: a MongoDB-wire server in this process, on a file, reachable from this machine only. It has no
 * secondary indexes and may lose the last second on a crash. A native image has none.
 */
@Singleton
@UnlessBuildProperty(name = "quarkus.native.enabled", stringValue = "true", enableIfMissing = true)
class DemoStore {
    private final DatabaseChoice database;
    private final String file;
    private @Nullable MongoServer server;

    DemoStore(DatabaseChoice database, Settings settings) {
        this.database = database;
        this.file = settings.demoStore();
    }

    /** Has a client that is being made connect to the store. */
    void serve(@Observes ClusterSettings.Builder cluster) {
        if (database.isDemoStore()) {
            cluster.hosts(List.of(new ServerAddress(address())));
        }
    }

    /** The first client starts it. */
    private synchronized InetSocketAddress address() {
        if (server == null) {
            server = new MongoServer(backend());
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }
        return server.getLocalAddress();
    }

    private MongoBackend backend() {
        if (file.equals(Settings.IN_MEMORY)) {
            return new MemoryBackend();
        }
        try {
            var directory = Path.of(file).toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            return new H2Backend(file);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make the demo store's folder", failure);
        }
    }

    @PreDestroy
    void stop() {
        if (server != null) {
            server.shutdown();
        }
    }
}
