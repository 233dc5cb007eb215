package dev.offshoot.testing.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Program;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** A certificate of the test's own, signed by itself. */
public final class Certificate {
    private Certificate() {}

    /** The settings with which the service speaks TLS beside what it speaks in the clear. */
    public static Map<String, String> settings(Path folder) {
        var store = folder.resolve("certificate-" + UUID.randomUUID() + ".p12").toString();
        var password = UUID.randomUUID().toString();
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = Program.run(
                folder,
                Map.of(),
                keytool,
                "-genkeypair",
                "-alias",
                "service",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store,
                "-storepass",
                password);
        assertThat(made.exitCode()).as(made.output()).isZero();
        return Map.of(
                "quarkus.http.ssl-port",
                "0",
                "quarkus.http.insecure-requests",
                "enabled",
                "quarkus.http.ssl.certificate.key-store-file",
                store,
                "quarkus.http.ssl.certificate.key-store-password",
                password);
    }
}
