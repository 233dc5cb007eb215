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
 * The process: with the argument {@code mint-key} or {@code mint-encryption-key} it prints a key for
 * the settings and ends, with {@code mint-settings} and a file's name it writes both there; otherwise it serves.
 */
@QuarkusMain
public final class Offshoot {
    Offshoot() {}

    public static void main(String... arguments) {
        if (arguments.length == 1 && arguments[0].equals("mint-key")) {
            System.out.println(KeySecret.mint().reveal());
            return;
        }
        if (arguments.length == 1 && arguments[0].equals("mint-encryption-key")) {
            System.out.println(KeyEncryption.mintKey(NewSettings.keyId()));
            return;
        }
        if (arguments.length == 2 && arguments[0].equals("mint-settings")) {
            mintSettings(Path.of(arguments[1]));
            return;
        }
        Quarkus.run(null, Offshoot::end, arguments);
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
