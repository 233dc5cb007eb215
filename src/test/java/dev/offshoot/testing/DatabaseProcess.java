package dev.offshoot.testing;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.h2.mvstore.MVStore;

/** The embedded server in a process of its own, on a file, to be stopped and killed as a database can be. */
public final class DatabaseProcess implements AutoCloseable {
    /** So that a kill loses nothing that a test has written a moment before. */
    private static final int SAVED_AFTER_MILLIS = 20;

    private final Path folder;
    private final int port;
    private Process process;

    /** Starts it on a new file in that folder, and waits until it listens. */
    public DatabaseProcess(Path folder) {
        this.folder = folder;
        this.port = freePort();
        this.process = launch();
    }

    /** The server itself: its file and its port. */
    public static void main(String... arguments) {
        var store = MVStore.open(arguments[0]);
        store.setAutoCommitDelay(SAVED_AFTER_MILLIS);
        var server = new MongoServer(new H2Backend(store));
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1])));
    }

    public String uri() {
        return "mongodb://127.0.0.1:" + port + "/?directConnection=true";
    }

    /** SIGSTOP: its connections stay open, and it answers nothing. */
    public void stop() {
        signal("-STOP");
    }

    /** SIGCONT: it goes on with what it was doing. */
    public void resume() {
        signal("-CONT");
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> !process.isAlive());
    }

    /** Starts it again on the same file and port, and waits until it listens. */
    public void startAgain() {
        process = launch();
    }

    @Override
    public void close() {
        kill();
    }

    private Process launch() {
        try {
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var started = new ProcessBuilder(
                            java,
                            "-cp",
                            System.getProperty("java.class.path"),
                            DatabaseProcess.class.getName(),
                            folder.resolve("database").toString(),
                            String.valueOf(port))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(folder.toFile(), "database.log")))
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            Awaitility.await("the database listens")
                    .atMost(60, TimeUnit.SECONDS)
                    .until(this::isListening);
            return started;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private boolean isListening() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private void signal(String signal) {
        try {
            var sent = new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start();
            if (sent.waitFor() != 0) {
                throw new AssertionError("kill " + signal + " failed: " + sent.exitValue());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private static int freePort() {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
