package dev.offshoot.runtime.cli;

import com.mongodb.MongoException;
import dev.offshoot.apikey.KeyResealing;
import dev.offshoot.apikey.KeyResealing.Outcome;
import dev.offshoot.runtime.checks.StartRefused;
import dev.offshoot.runtime.database.Migrations;
import dev.offshoot.telemetry.BackgroundWork;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Runs the argument {@code reseal-keys}. It prints how many keys are sealed under which key-encryption key, and exits
 * with 0 if nothing is left to do.
 */
@Singleton
@Unremovable
class ResealKeys implements QuarkusApplication {
    private final Migrations migrations;
    private final KeyResealing resealing;
    private final String database;

    ResealKeys(
            Migrations migrations,
            KeyResealing resealing,
            @ConfigProperty(name = "quarkus.mongodb.database") String database) {
        this.migrations = migrations;
        this.resealing = resealing;
        this.database = database;
    }

    @Override
    public int run(String... arguments) {
        try {
            System.out.printf("Database: %s%n", database);
            return tell(BackgroundWork.of(migrations.requireInstallation().chain(resealing::run))
                    .await()
                    .indefinitely());
        } catch (MongoException failure) {
            throw new StartRefused("The database could not be used, so not all keys were sealed anew. Run this again;"
                    + " the finished part stays as it is: " + failure.getMessage());
        }
    }

    private static int tell(Outcome outcome) {
        System.out.printf("Sealed anew: %d%n", outcome.resealed());
        System.out.printf("Sealed under %s, which is current: %d%n", outcome.current(), outcome.good());
        outcome.unknown()
                .forEach((key, count) ->
                        System.out.printf("Sealed under %s, which is not in the settings: %d%n", key, count));
        outcome.broken()
                .forEach((key, count) ->
                        System.out.printf("Sealed under %s, which does not open them: %d%n", key, count));
        if (!outcome.complete()) {
            System.out.println(
                    "Replicas are still sealing under another key. Make the new one current on all of them, and"
                            + " run this again.");
        }
        if (!outcome.unknown().isEmpty()) {
            System.out.println("To seal anew what is under keys that are not in the settings, add these keys to"
                    + " OFFSHOOT_KEY_ENCRYPTION_PREVIOUS, and run this again.");
        }
        if (!outcome.broken().isEmpty()) {
            System.out.println("Seals that their key does not open were changed in the database, or made under another"
                    + " key with the same id. Their API keys can't authenticate with HTTP Digest: rotate them.");
        }
        return outcome.allGood() ? 0 : 1;
    }
}
