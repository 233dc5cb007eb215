package dev.offshoot.runtime;

import com.mongodb.MongoException;
import dev.offshoot.apikey.KeySecret;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** What happens before the first request: the database is chosen, its indexes made, the root partner established. */
@Singleton
class Startup {
    private static final Logger LOG = Logger.getLogger(Startup.class);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final DatabaseChoice database;
    private final Indexes indexes;
    private final RootPartner root;
    private final DemoWelcome welcome;
    private final AtomicBoolean done = new AtomicBoolean();

    Startup(DatabaseChoice database, Indexes indexes, RootPartner root, DemoWelcome welcome) {
        this.database = database;
        this.indexes = indexes;
        this.root = root;
        this.welcome = welcome;
    }

    void run(@Observes StartupEvent event) {
        database.require();
        indexes.create()
                .onFailure(MongoException.class)
                .invoke(failure -> LOG.warnf("The database does not answer yet: cause=%s", failure.getMessage()))
                .onFailure(MongoException.class)
                .retry()
                .withBackOff(PAUSE, PAUSE)
                .expireIn(PATIENCE.toMillis())
                .await()
                .indefinitely();
        root.establish().await().atMost(PATIENCE).ifPresent(this::show);
        done.set(true);
    }

    boolean isDone() {
        return done.get();
    }

    private void show(KeySecret minted) {
        welcome.print(minted);
    }
}
