package dev.offshoot.testing;

import com.mongodb.ConnectionString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Stands between the service and its database, and makes the network bad. It knows nothing of what passes. */
public final class FaultyNetwork implements AutoCloseable {
    /** What becomes of the connections. */
    public enum Fault {
        NONE,
        /** Every connection is cut, and a new one is refused. */
        REFUSED,
        /** Every connection is cut, and a new one is cut at its first byte. */
        CUT,
        /** Connections stay open, and nothing passes any more. */
        STALLED
    }

    private static final int PAUSE_NANOS = 2_000_000;

    private final InetSocketAddress database;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket listener;
    private volatile Fault fault = Fault.NONE;
    private volatile Duration delay = Duration.ZERO;
    private volatile String slowText = "";
    private volatile Duration slow = Duration.ZERO;

    public FaultyNetwork(String uri) {
        var address = new ConnectionString(uri).getHosts().get(0).split(":");
        database = new InetSocketAddress(address[0], Integer.parseInt(address[1]));
        listener = listen(0);
        port = listener.getLocalPort();
    }

    public String uri() {
        return "mongodb://127.0.0.1:" + port + "/?directConnection=true";
    }

    /** What the service sends takes that much longer. */
    public void delay(Duration longer) {
        delay = longer;
    }

    /** What the service sends takes that much longer where it holds the text. */
    public void delay(String text, Duration longer) {
        slowText = text;
        slow = longer;
    }

    public void fault(Fault next) {
        fault = next;
        if (next == Fault.REFUSED) {
            close(listener);
        } else if (listener.isClosed()) {
            listener = listen(port);
        }
        if (next == Fault.REFUSED || next == Fault.CUT) {
            cutAll();
        }
    }

    public void cutAll() {
        open.forEach(FaultyNetwork::close);
        open.clear();
    }

    @Override
    public void close() {
        close(listener);
        cutAll();
    }

    private ServerSocket listen(int on) {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 200);
            daemon(() -> accept(socket));
            return socket;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                var client = from.accept();
                open.add(client);
                daemon(() -> connect(client));
            } catch (IOException closed) {
                // the loop ends if it is the listener that was closed
            }
        }
    }

    private void connect(Socket client) {
        try {
            pause();
            var server = new Socket(database.getAddress(), database.getPort());
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            daemon(() -> pump(server, client, false));
            pump(client, server, true);
        } catch (IOException failure) {
            close(client);
        }
    }

    private void pump(Socket from, Socket to, boolean isDelayed) {
        try {
            var bytes = new byte[64 * 1024];
            for (var read = from.getInputStream().read(bytes);
                    read >= 0;
                    read = from.getInputStream().read(bytes)) {
                pause();
                if (isDelayed) {
                    LockSupport.parkNanos(delay.toNanos());
                    if (!slow.isZero() && new String(bytes, 0, read, StandardCharsets.ISO_8859_1).contains(slowText)) {
                        LockSupport.parkNanos(slow.toNanos());
                    }
                }
                if (fault == Fault.CUT) {
                    break;
                }
                to.getOutputStream().write(bytes, 0, read);
                to.getOutputStream().flush();
            }
        } catch (IOException ended) {
            // both are closed below
        }
        close(from);
        close(to);
        open.remove(from);
        open.remove(to);
    }

    private void pause() {
        while (fault == Fault.STALLED) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception alreadyClosed) {
            // as wanted
        }
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "faulty-network");
        thread.setDaemon(true);
        thread.start();
    }
}
