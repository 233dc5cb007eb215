package dev.offshoot.runtime;

import com.mongodb.MongoException;
import dev.offshoot.apikey.KeyResealing;
import dev.offshoot.apikey.KeyResealing.Outcome;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;

/** The argument {@code reseal-keys}: tells how many keys are sealed under what, and ends with 0 if nothing is left to do. */
@Singleton
@Unremovable
class ResealKeys implements QuarkusApplication {
    private final KeyResealing resealing;

    ResealKeys(KeyResealing resealing) {
        this.resealing = resealing;
    }

    @Override
    public int run(String... arguments) {
        try {
            return tell(resealing.run().await().indefinitely());
        } catch (MongoException failure) {
            throw new StartRefused(
                    "The database could not be used, so that not all keys are sealed anew. Run this again;"
                            + " what is done stays done: " + failure.getMessage());
        }
    }

    private static int tell(Outcome outcome) {
        System.out.printf("Sealed anew: %d%n", outcome.resealed());
        System.out.printf("Sealed under %s, which is current: %d%n", outcome.current(), outcome.good());
        outcome.closed()
                .forEach((key, count) -> System.out.printf("Sealed under %s, cannot be opened: %d%n", key, count));
        if (!outcome.complete()) {
            System.out.println("Replicas go on sealing under another key. Make the new one current on all of them, and"
                    + " run this again.");
        }
        if (!outcome.closed().isEmpty()) {
            System.out.println("To seal those anew, list the keys that sealed them in OFFSHOOT_KEY_ENCRYPTION_PREVIOUS,"
                    + " and run this again.");
        }
        return outcome.allGood() ? 0 : 1;
    }
}
