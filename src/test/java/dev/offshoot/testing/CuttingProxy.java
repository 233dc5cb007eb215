package dev.offshoot.testing;

import com.mongodb.ConnectionString;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.bson.BsonBinaryReader;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.DecoderContext;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the service and its database, counts the service's commands (MongoDB wire protocol, OP_MSG) and, at
 * the one that it is armed for, cuts every connection before or after it, and all that follow until it is healed; or holds it.
 * Of several calls at once, it stops each at a command of its own.
 */
public final class CuttingProxy {
    private static final int HEADER = 16;
    private static final int OP_MSG = 2013;
    private static final int BODY = HEADER + 5;

    /** What is done at a command. */
    public enum Action {
        /** The command never reaches the database. */
        CUT_BEFORE,
        /** The command is carried out and its answer never reaches the service. */
        CUT_AFTER,
        /** The command waits until it is let go. */
        HOLD
    }

    private record Armed(int command, Action action) {}

    private final ServerSocket listener;
    private final String targetHost;
    private final int targetPort;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicReference<@Nullable Armed> armed = new AtomicReference<>();
    private final Set<CommandStop> stops = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile CountDownLatch held = new CountDownLatch(1);
    private volatile CountDownLatch released = new CountDownLatch(1);

    public CuttingProxy(String uri) {
        var address = new ConnectionString(uri).getHosts().get(0).split(":");
        targetHost = address[0];
        targetPort = Integer.parseInt(address[1]);
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        daemon(this::accept);
    }

    public String uri() {
        return "mongodb://127.0.0.1:" + listener.getLocalPort() + "/?directConnection=true&heartbeatFrequencyMS=500";
    }

    /** Does that at the command of that number, counted from 1 and from now. */
    public void arm(int command, Action action) {
        held = new CountDownLatch(1);
        released = new CountDownLatch(1);
        seen.set(0);
        armed.set(new Armed(command, action));
    }

    /** Holds the command of that number, and returns what releases it. Another may be held after it at the same time. */
    public Runnable hold(int command) {
        arm(command, Action.HOLD);
        return released::countDown;
    }

    /** Whether the command that was last to be held is. */
    public boolean isHolding() {
        return held.getCount() == 0;
    }

    /** Counts from now and cuts nothing. */
    public void count() {
        armed.set(null);
        seen.set(0);
    }

    /** How many commands there were since then. */
    public int seen() {
        return seen.get();
    }

    /** Whether the command that it was armed for has come. */
    public boolean hasActed() {
        return armed.get() == null;
    }

    /** Waits until the command is held. */
    public void awaitHeld() throws InterruptedException {
        if (!held.await(10, java.util.concurrent.TimeUnit.SECONDS)) {
            throw new AssertionError("the command to hold never came");
        }
    }

    public void release() {
        released.countDown();
    }

    /**
     * Stops one of several calls: at that command of those that name one of these records, and at all that follow. Whoever
     * sends them gets no answer, as if the call's process ended there. Other calls go on.
     */
    public CommandStop stop(Collection<ObjectId> records, int command, Action action) {
        var stop = new CommandStop(records, command, action);
        stops.add(stop);
        return stop;
    }

    /** Lets the service connect again. */
    public void heal() {
        stops.clear();
        armed.set(null);
        cut = false;
        release();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                if (cut) {
                    client.close();
                } else {
                    var server = new Socket(targetHost, targetPort);
                    client.setTcpNoDelay(true);
                    server.setTcpNoDelay(true);
                    open.add(client);
                    open.add(server);
                    var connection = new Connection(client, server);
                    daemon(connection::commands);
                    daemon(connection::answers);
                }
            } catch (IOException closed) {
                // the next one may get through
            }
        }
    }

    private void cutAll() {
        cut = true;
        open.forEach(CuttingProxy::close);
        open.clear();
    }

    /** One connection of the service's. */
    private final class Connection {
        private final Socket client;
        private final Socket server;
        private volatile boolean cutAtAnswer;
        private volatile @Nullable CommandStop silencedBy;

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void commands() {
            pump(client, server, message -> {
                var isCounted = isCounted(message);
                var now = isCounted ? armedFor(seen.incrementAndGet()) : null;
                if (now == Action.CUT_BEFORE) {
                    cutAll();
                } else if (now == Action.CUT_AFTER) {
                    cutAtAnswer = true;
                } else if (now == Action.HOLD) {
                    var own = released;
                    held.countDown();
                    own.await();
                }
                return !isCounted || passes(message);
            });
        }

        void answers() {
            pump(server, client, message -> {
                if (cutAtAnswer) {
                    cutAll();
                }
                var silenced = silencedBy;
                if (silenced != null) {
                    silenced.reach();
                }
                return silenced == null;
            });
        }

        private boolean passes(byte[] message) {
            for (var stop : stops) {
                switch (stop.see(message)) {
                    case PASS -> {}
                    case SILENCE -> silencedBy = stop;
                    case DROP -> {
                        return false;
                    }
                }
            }
            return true;
        }

        private @Nullable Action armedFor(int command) {
            var set = armed.get();
            return set != null && set.command() == command && armed.compareAndSet(set, null) ? set.action() : null;
        }
    }

    private interface Watcher {
        /** Whether the message is passed on. */
        boolean see(byte[] message) throws InterruptedException;
    }

    private void pump(Socket from, Socket to, Watcher watcher) {
        try {
            var in = new DataInputStream(from.getInputStream());
            while (true) {
                var message = read(in);
                if (watcher.see(message)) {
                    to.getOutputStream().write(message);
                    to.getOutputStream().flush();
                }
            }
        } catch (IOException ended) {
            close(from);
            close(to);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] read(DataInputStream in) throws IOException {
        var header = new byte[HEADER];
        in.readFully(header);
        var length = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt();
        var message = java.util.Arrays.copyOf(header, length);
        in.readFully(message, HEADER, length - HEADER);
        return message;
    }

    /** A command on the service's data, and not the driver's own talk with the server. */
    private static boolean isCounted(byte[] message) {
        var buffer = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        if (buffer.getInt(12) != OP_MSG || message[HEADER + 4] != 0) {
            return false;
        }
        var reader = new BsonBinaryReader(buffer.position(BODY).slice().order(ByteOrder.LITTLE_ENDIAN));
        var command =
                new BsonDocumentCodec().decode(reader, DecoderContext.builder().build());
        return command.getString("$db").getValue().equals(TestDatabase.name());
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // as wanted
        }
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
