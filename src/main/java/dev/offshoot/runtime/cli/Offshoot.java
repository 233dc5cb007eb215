package dev.offshoot.runtime.cli;

import dev.offshoot.api.connection.ConnectionExtension;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.runtime.checks.DatabaseSettings;
import dev.offshoot.runtime.checks.StartRefused;
import dev.offshoot.runtime.checks.StartupChecks;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The command line. Without an argument the process serves; the usage text lists every argument. */
@QuarkusMain
public final class Offshoot {
    static final String VERSION = "0.1.0-SNAPSHOT";

    private static final String USAGE = """
            Offshoot, the organisations service of a vendor who sells through partners.

            Usage: offshoot [ARGUMENT]

            Without an argument it serves. OFFSHOOT_DEMO=true serves a demonstration on a store of its own.

              mint-key              print a key for OFFSHOOT_ROOT_KEY
              mint-encryption-key   print a key for OFFSHOOT_KEY_ENCRYPTION_CURRENT
              mint-settings FILE    write both to a new file of settings
              reseal-keys           seal all keys under the current key-encryption key
              --help                print this
              --version             print the version
            """;

    Offshoot() {}

    public static void main(String... arguments) {
        leaveCallbacksAsTheyAre();
        if (arguments.length == 2 && arguments[0].equals("mint-settings")) {
            mintSettings(Path.of(arguments[1]));
            return;
        }
        if (serves(arguments)) {
            leaveTargetsToTheService();
            ConnectionExtension.turnOn();
            Quarkus.run(null, Offshoot::end, arguments);
            return;
        }
        switch (arguments.length == 1 ? arguments[0] : "") {
            case "--help", "-h" -> System.out.print(USAGE);
            case "--version" -> System.out.println("offshoot " + VERSION);
            case "mint-key" -> System.out.println(KeySecret.mint().reveal());
            case "mint-encryption-key" -> System.out.println(KeyEncryption.mintKey());
            case "reseal-keys" -> {
                keepToItself();
                Quarkus.run(ResealKeys.class, Offshoot::end, arguments);
            }
            default -> {
                System.err.print(USAGE);
                System.exit(2);
            }
        }
    }

    /** Whether the process was started to serve, as opposed to run a task and end. */
    public static boolean serves(String... arguments) {
        return arguments.length == 0;
    }

    /**
     * The framework would wrap each step of a request so that it sees the caller's thread-bound context. Nothing here reads
     * one: what a request knows of itself lies in its Vert.x context. Mutiny reads this once, when it is first used.
     */
    private static void leaveCallbacksAsTheyAre() {
        System.setProperty("mutiny.disableCallBackDecorators", "true");
    }

    /** The framework would refuse a malformed target before anything of the service's sees it: even at the edge. */
    private static void leaveTargetsToTheService() {
        System.setProperty("vertx.disableURIValidation", "true");
    }

    /** Makes the process open no port, do no background work, and end without waiting for a load balancer. */
    private static void keepToItself() {
        ConnectionExtension.turnOn();
        System.setProperty("quarkus.http.host-enabled", "false");
        System.setProperty("quarkus.management.host-enabled", "false");
        System.setProperty("quarkus.scheduler.start-mode", "halted");
        System.setProperty("quarkus.shutdown.delay", "0s");
    }

    private static void mintSettings(Path file) {
        try {
            System.out.println(
                    NewSettings.write(file)
                            ? "Wrote a root key and a key-encryption key to " + file + "."
                            : "Left " + file + " as it is.");
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + file, failure);
        }
    }

    /**
     * Ends the process. For a refused start it prints the reason as the last line; for any other failure it prints the
     * whole stack trace.
     */
    private static void end(int code, @Nullable Throwable failure) {
        if (failure != null) {
            refusal(failure).ifPresentOrElse(System.err::println, failure::printStackTrace);
        }
        System.exit(code);
    }

    private static Optional<String> refusal(Throwable failure) {
        return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(Offshoot::sentence)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> sentence(Throwable cause) {
        return cause instanceof StartRefused
                ? Optional.ofNullable(cause.getMessage())
                : DatabaseSettings.unreadable(cause).map(unsafe -> StartupChecks.sentence(List.of(unsafe.text())));
    }
}
