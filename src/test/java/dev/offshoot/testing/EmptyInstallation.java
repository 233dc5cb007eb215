package dev.offshoot.testing;

import java.util.HashMap;
import java.util.Map;
import org.bson.types.ObjectId;

/**
 * As {@link Installation}, on a database in which nothing is stored yet: for what has to be done in time. The embedded
 * one looks through whole collections, and those of the run hold what all tests before have left.
 */
public final class EmptyInstallation extends Installation {
    @Override
    public Map<String, String> start() {
        var settings = new HashMap<>(super.start());
        settings.put("quarkus.mongodb.database", "offshoot_test_" + new ObjectId());
        return settings;
    }
}
