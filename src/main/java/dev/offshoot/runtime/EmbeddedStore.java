package dev.offshoot.runtime;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.quarkus.arc.properties.UnlessBuildProperty;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The demo store: a MongoDB-wire server inside of this process, on a file, reachable from this machine only. It has no
 * secondary indexes and may lose the last second on a crash. A native image has none.
 */
@Singleton
@UnlessBuildProperty(name = "quarkus.native.enabled", stringValue = "true", enableIfMissing = true)
class EmbeddedStore {
    private static final Logger LOG = Logger.getLogger(EmbeddedStore.class);
    static final String IN_MEMORY = "memory";

    private final String file;
    private @Nullable MongoServer server;

    EmbeddedStore(@ConfigProperty(name = "offshoot.demo-store") String file) {
        this.file = file;
    }

    /** Where it listens; the first to ask starts it. */
    synchronized InetSocketAddress address() {
        if (server == null) {
            server = new MongoServer(backend());
            server.bind(new InetSocketAddress("127.0.0.1", 0));
            LOG.warnf("This is a demo store, not for production: file=%s", file);
        }
        return server.getLocalAddress();
    }

    private MongoBackend backend() {
        if (file.equals(IN_MEMORY)) {
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
