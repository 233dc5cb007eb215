package dev.offshoot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A balancer of TCP connections, as a cluster has them: a new connection goes to the next process that is ready. */
public final class Balancer implements AutoCloseable {
    private static final int CHECK_MILLIS = 500;

    private final ServerSocket listener;
    private final List<ServiceProcess> all = new CopyOnWriteArrayList<>();
    private volatile List<ServiceProcess> ready = List.of();
    private final AtomicInteger next = new AtomicInteger();

    public Balancer() {
        try {
            listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        daemon(this::accept);
        daemon(this::check);
    }

    public String base() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    public void add(ServiceProcess process) {
        all.add(process);
    }

    /** How many are ready, as far as it has noticed. */
    public int ready() {
        return ready.size();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void check() {
        while (!listener.isClosed()) {
            ready = all.stream().filter(Balancer::isReady).toList();
            try {
                Thread.sleep(CHECK_MILLIS);
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private static boolean isReady(ServiceProcess process) {
        try {
            return Http.request(process.management(), "GET", "/q/health/ready")
                            .send()
                            .status()
                    == 200;
        } catch (Exception gone) { // nothing declares it, but it is a checked one
            return false;
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                daemon(() -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try {
            var targets = ready;
            var target = URI.create(targets.get(Math.floorMod(next.getAndIncrement(), targets.size()))
                    .base());
            var server = new Socket(target.getHost(), target.getPort());
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            daemon(() -> pump(server, client));
            pump(client, server);
        } catch (IOException failure) {
            close(client);
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            // both are closed below
        }
        close(from);
        close(to);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // as wanted
        }
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "balancer");
        thread.setDaemon(true);
        thread.start();
    }
}
