package dev.offshoot.runtime;

import dev.offshoot.apikey.KeySecret;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.jspecify.annotations.Nullable;

/** The process: with the argument {@code mint-key} it prints a key for the settings and ends; otherwise it serves. */
@QuarkusMain
public final class Offshoot {
    Offshoot() {}

    public static void main(String... arguments) {
        if (arguments.length == 1 && arguments[0].equals("mint-key")) {
            System.out.println(KeySecret.mint().reveal());
            return;
        }
        Quarkus.run(null, Offshoot::end, arguments);
    }

    /** A refused start ends with its sentence as the last line. */
    private static void end(int code, @Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartRefused) {
                System.err.println(cause.getMessage());
            }
        }
        System.exit(code);
    }
}
