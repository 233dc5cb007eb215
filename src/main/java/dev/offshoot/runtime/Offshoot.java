package dev.offshoot.runtime;

import dev.offshoot.apikey.KeyEncryption;
import dev.offshoot.apikey.KeySecret;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The process: without an argument it serves. With {@code mint-key} or {@code mint-encryption-key} it prints a key for the
 * settings, with {@code mint-settings} and a file's name it writes both there, with {@code reseal-keys} it seals all keys
 * under the current key-encryption key, and ends.
 */
@QuarkusMain
public final class Offshoot {
    private static final String RESEAL_KEYS = "reseal-keys";

    Offshoot() {}

    public static void main(String... arguments) {
        if (arguments.length == 2 && arguments[0].equals("mint-settings")) {
            mintSettings(Path.of(arguments[1]));
            return;
        }
        switch (arguments.length == 1 ? arguments[0] : "") {
            case "mint-key" -> System.out.println(KeySecret.mint().reveal());
            case "mint-encryption-key" -> System.out.println(KeyEncryption.mintKey(NewSettings.keyId()));
            case RESEAL_KEYS -> {
                keepToItself();
                Quarkus.run(ResealKeys.class, Offshoot::end, arguments);
            }
            default -> Quarkus.run(null, Offshoot::end, arguments);
        }
    }

    /** Whether the process was started to serve, and not for a task that ends. */
    static boolean serves(String... arguments) {
        return arguments.length != 1 || !arguments[0].equals(RESEAL_KEYS);
    }

    /** Opens no port, does no background work, and ends without waiting for a balancer to notice. */
    private static void keepToItself() {
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

    /** A refused start ends with its sentence as the last line; any other failure with all there is to know of it. */
    private static void end(int code, @Nullable Throwable failure) {
        if (failure != null) {
            refusal(failure).ifPresentOrElse(System.err::println, failure::printStackTrace);
        }
        System.exit(code);
    }

    private static Optional<String> refusal(Throwable failure) {
        return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(StartRefused.class::isInstance)
                .map(Throwable::getMessage)
                .findFirst();
    }
}
