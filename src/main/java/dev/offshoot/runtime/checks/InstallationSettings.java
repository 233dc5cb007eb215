package dev.offshoot.runtime.checks;

import static dev.offshoot.runtime.checks.Unsafe.unusable;
import static dev.offshoot.runtime.checks.Unsafe.warning;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.organisation.CountryCode;
import dev.offshoot.organisation.TimeZoneId;
import dev.offshoot.settings.Settings;
import dev.offshoot.task.TaskQueue;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.Parsed;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Whether the root partner can be made, its secrets are kept, and the background work is done. */
@Singleton
class InstallationSettings implements SettingCheck {
    private final Settings config;
    private final Optional<String> connectionString;
    private final boolean scheduling;

    InstallationSettings(
            Settings config,
            @ConfigProperty(name = "quarkus.mongodb.connection-string") Optional<String> connectionString,
            @ConfigProperty(name = "quarkus.scheduler.enabled", defaultValue = "true") boolean scheduling) {
        this.config = config;
        this.connectionString = connectionString;
        this.scheduling = scheduling;
    }

    @Override
    public Stream<Unsafe> unsafe() {
        var root = config.root();
        return Stream.of(
                        rootKey(),
                        valid("OFFSHOOT_ROOT_NAME", DisplayName.parse(root.name())),
                        valid("OFFSHOOT_ROOT_COUNTRY", CountryCode.parse(root.country())),
                        valid("OFFSHOOT_ROOT_TIME_ZONE", TimeZoneId.parse(root.timeZone())),
                        onCommandLine("offshoot.root.key", "OFFSHOOT_ROOT_KEY"),
                        onCommandLine("offshoot.key-encryption.current", "OFFSHOOT_KEY_ENCRYPTION_CURRENT"),
                        onCommandLine("offshoot.key-encryption.previous", "OFFSHOOT_KEY_ENCRYPTION_PREVIOUS"),
                        onCommandLine("quarkus.mongodb.connection-string", "QUARKUS_MONGODB_CONNECTION_STRING")
                                .filter(unsafe -> hasPassword()),
                        backgroundWork())
                .flatMap(Optional::stream);
    }

    private Optional<Unsafe> rootKey() {
        return config.root().key().flatMap(KeySecret::parse).isPresent()
                        || config.root().key().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        unusable("OFFSHOOT_ROOT_KEY", "is not a key", "Set it to what the argument mint-key prints."));
    }

    private static Optional<Unsafe> valid(String setting, Parsed<?> parsed) {
        return parsed.toOptional().isPresent()
                ? Optional.empty()
                : Optional.of(
                        unusable(setting, "has no valid value", "The operating guide has a table of the settings."));
    }

    private static Optional<Unsafe> onCommandLine(String property, String setting) {
        return System.getProperty(property) == null
                ? Optional.empty()
                : Optional.of(warning(
                        setting,
                        "stands on the command line: every user of the machine can read it in the list of processes",
                        "Set it in the environment of the process instead."));
    }

    private boolean hasPassword() {
        return connectionString.filter(text -> text.contains("@")).isPresent();
    }

    private Optional<Unsafe> backgroundWork() {
        return scheduling && !TaskQueue.isOff(config)
                ? Optional.empty()
                : Optional.of(warning(
                        scheduling ? "OFFSHOOT_TASK_QUEUE_EVERY" : "QUARKUS_SCHEDULER_ENABLED",
                        "turns background work off: unless other replicas do it, what requests leave undone stays so,"
                                + " and no month closes",
                        "Take the setting out."));
    }
}
