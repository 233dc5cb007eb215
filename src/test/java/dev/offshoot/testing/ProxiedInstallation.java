package dev.offshoot.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** As {@link Installation}, with a {@link CuttingProxy} between the service and the database. */
public class ProxiedInstallation extends Installation {
    private static @Nullable CuttingProxy proxy;
    private static @Nullable String database;

    @Override
    public Map<String, String> start() {
        var settings = new HashMap<>(super.start());
        settings.put("quarkus.mongodb.connection-string", proxy().uri());
        return settings;
    }

    /** The proxy before the run's database. */
    public static synchronized CuttingProxy proxy() {
        if (proxy == null || !TestDatabase.uri().equals(database)) {
            database = TestDatabase.uri();
            proxy = new CuttingProxy(database);
        }
        return proxy;
    }

    /** Lets the service connect again, and waits until it has. */
    public static void heal() {
        proxy().heal();
        await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> PartnerClient.root()
                                .send("GET", "/organisations?limit=1")
                                .status()
                        == 200);
    }
}
