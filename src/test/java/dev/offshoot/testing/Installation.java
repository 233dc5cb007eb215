package dev.offshoot.testing;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.digest.KeyEncryption;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** The service under test: on the run's database, with a root key of the run's own, and without background work. */
public class Installation implements QuarkusTestResourceLifecycleManager {
    private static final String ENCRYPTION_KEY = "test-run.encryption-key";
    private static final String ROOT_KEY = "test-run.root-key";

    @Override
    public Map<String, String> start() {
        return Map.of(
                "quarkus.mongodb.connection-string", TestDatabase.uri(),
                "quarkus.mongodb.database", TestDatabase.name(),
                "quarkus.scheduler.enabled", "false",
                "offshoot.root.key", rootKey(),
                "offshoot.key-encryption.current", encryptionKey());
    }

    @Override
    public void stop() {}

    /** Those that differ start after this one, which every test of the run has: of settings with one name the last counts. */
    @Override
    public int order() {
        return getClass() == Installation.class ? 0 : 1;
    }

    /** The root partner's key, the same for every start of this run. */
    public static synchronized String rootKey() {
        if (System.getProperty(ROOT_KEY) == null) {
            System.setProperty(ROOT_KEY, KeySecret.mint().reveal());
        }
        return System.getProperty(ROOT_KEY);
    }

    /** The key-encryption key of this run. */
    public static synchronized String encryptionKey() {
        if (System.getProperty(ENCRYPTION_KEY) == null) {
            System.setProperty(ENCRYPTION_KEY, KeyEncryption.mintKey("test"));
        }
        return System.getProperty(ENCRYPTION_KEY);
    }
}
