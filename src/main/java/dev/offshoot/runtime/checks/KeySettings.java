package dev.offshoot.runtime.checks;

import static dev.offshoot.runtime.checks.Unsafe.severe;
import static dev.offshoot.runtime.checks.Unsafe.unusable;
import static dev.offshoot.runtime.checks.Unsafe.warning;

import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.settings.Settings;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the key-encryption keys are there, are secret, and can be told apart. */
@Singleton
class KeySettings implements SettingCheck {
    private static final String CURRENT = "OFFSHOOT_KEY_ENCRYPTION_CURRENT";
    private static final String PREVIOUS = "OFFSHOOT_KEY_ENCRYPTION_PREVIOUS";
    private static final String MINT =
            "Set it to what the argument mint-encryption-key prints, the same for every replica.";

    private final Settings config;
    private final DatabaseChoice database;
    private final Optional<String> current;
    private final List<String> previous;

    KeySettings(Settings config, DatabaseChoice database) {
        this.config = config;
        this.database = database;
        this.current = config.keyEncryption().current();
        this.previous = config.keyEncryption().previous().orElse(List.of());
    }

    @Override
    public Stream<Unsafe> unsafe() {
        return Stream.of(missing(), current.flatMap(this::flaw), ambiguous(), kept())
                .flatMap(Optional::stream);
    }

    private Optional<Unsafe> missing() {
        return current.isPresent()
                ? Optional.empty()
                : Optional.of(severe(CURRENT, "is not set: the keys of HTTP Digest can't be sealed", MINT));
    }

    private Optional<Unsafe> flaw(String key) {
        var id = KeyEncryption.idOf(key);
        if (id.isEmpty()) {
            return Optional.of(
                    unusable(CURRENT, "is not a key-encryption key: an id, a colon and 32 bytes in base 64", MINT));
        }
        if (id.get().equals(KeyEncryption.DEMO_ID) && !database.isDemoStore()) {
            return Optional.of(severe(
                    CURRENT,
                    "is a demonstration's, which has lain in a file beside its store: who has the file can sign as any"
                            + " key",
                    MINT));
        }
        return KeyEncryption.isGuessable(key)
                ? Optional.of(severe(
                        CURRENT, "is not random: who guesses it and reads the database can sign as any key", MINT))
                : Optional.empty();
    }

    private Optional<Unsafe> ambiguous() {
        if (!previous.stream().map(KeyEncryption::idOf).allMatch(Optional::isPresent)) {
            return Optional.of(unusable(
                    PREVIOUS,
                    "holds what is no key-encryption key: an id, a colon and 32 bytes in base 64",
                    "Separate those that were current before by commas."));
        }
        var keys = Stream.concat(current.stream(), previous.stream()).distinct().toList();
        var ids = keys.stream().map(KeyEncryption::idOf).distinct().count();
        return ids < keys.size()
                ? Optional.of(unusable(
                        PREVIOUS,
                        "has two keys with one id: what the second of them sealed can't be opened",
                        "Find out which of them was in use, and take out the other."))
                : Optional.empty();
    }

    private Optional<Unsafe> kept() {
        var ids = previous.stream()
                .filter(Predicate.not(key -> current.filter(key::equals).isPresent()))
                .map(KeyEncryption::idOf)
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
        return ids.isEmpty() || config.demo()
                ? Optional.empty()
                : Optional.of(warning(
                        PREVIOUS,
                        "lists " + ids + ": whoever has such a key can open what it sealed",
                        "Once the argument reseal-keys finds nothing under it, take it out."));
    }
}
