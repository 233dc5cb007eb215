package dev.offshoot.api.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;

/** A real nginx in a process of its own, with the configuration that the page prints and no further one. */
final class NginxProcess implements AutoCloseable {
    private static final Path NGINX = Path.of("target/clients/nginx/nginx").toAbsolutePath();
    private static final String FRAME = """
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr error;
            events {}
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                include product.conf;
            }
            """;

    private final Process process;
    private final String base;

    private NginxProcess(Process process, String base) {
        this.process = process;
        this.base = base;
    }

    /** Whether {@code src/test/clients/install.sh} could get one. */
    static boolean isInstalled() {
        return Files.isExecutable(NGINX);
    }

    /**
     * Starts one, and waits until it listens.
     *
     * @param offshoot where the service is, or is not
     */
    static NginxProcess start(Path folder, String offshoot, String product, String gatewayKey) {
        try {
            var home = Files.createTempDirectory(folder, "nginx");
            var port = freePort();
            var page = EdgeDocument.block("nginx");
            page = EdgeDocument.fillIn(page, "listen 80;", "listen 127.0.0.1:" + port + ";");
            page = EdgeDocument.fillIn(page, "127.0.0.1:8080", authority(offshoot));
            page = EdgeDocument.fillIn(page, "127.0.0.1:3000", authority(product));
            page = EdgeDocument.fillIn(page, "osk_…", gatewayKey);
            Files.writeString(home.resolve("product.conf"), page);
            Files.writeString(home.resolve("nginx.conf"), FRAME);
            var log = home.resolve("nginx.log");
            var process = new ProcessBuilder(
                            NGINX.toString(), "-e", "stderr", "-p", home.toString(), "-c", "nginx.conf")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Awaitility.await("nginx listens").until(() -> !process.isAlive() || listens(port));
            if (!process.isAlive()) {
                throw new AssertionError("nginx ended at once: " + Files.readString(log));
            }
            return new NginxProcess(process, "http://127.0.0.1:" + port);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String base() {
        return base;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String authority(String base) {
        return URI.create(base).getAuthority();
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
