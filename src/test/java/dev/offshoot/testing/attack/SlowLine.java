package dev.offshoot.testing.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** An honest client on a slow line: it sends and reads at an even pace, until the service closes the connection. */
public final class SlowLine implements AutoCloseable {
    private static final int TICKS_PER_SECOND = 10;
    private static final int RECEIVE_BYTES = 8 * 1024;
    private static final int PATIENCE_MILLIS = 10_000;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final CompletableFuture<String> answer = new CompletableFuture<>();
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final Socket socket = new Socket();
    private final byte[] request;
    private final int bytesPerTick;
    private int sent;

    private SlowLine(String base, String from, byte[] request, int bytesPerSecond) throws IOException {
        this.request = request;
        bytesPerTick = bytesPerSecond / TICKS_PER_SECOND;
        var target = URI.create(base);
        socket.setReceiveBufferSize(RECEIVE_BYTES);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.connect(new InetSocketAddress(target.getHost(), target.getPort()));
    }

    /** @param request asks for the connection to be closed behind its answer */
    public static SlowLine open(String base, String from, byte[] request, int bytesPerSecond) throws IOException {
        var line = new SlowLine(base, from, request, bytesPerSecond);
        var unused = line.clock.scheduleAtFixedRate(line::tick, 0, 1_000 / TICKS_PER_SECOND, TimeUnit.MILLISECONDS);
        return line;
    }

    /** The whole answer, head and body. */
    public CompletableFuture<String> answer() {
        return answer;
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        socket.close();
    }

    private void tick() {
        try {
            if (sent < request.length) {
                send();
            } else {
                receive();
            }
        } catch (IOException cut) {
            answer.completeExceptionally(new UncheckedIOException("after " + sent + " and " + read.size(), cut));
        }
    }

    private void send() throws IOException {
        var next = Math.min(bytesPerTick, request.length - sent);
        socket.getOutputStream().write(request, sent, next);
        sent += next;
    }

    private void receive() throws IOException {
        var bytes = socket.getInputStream().readNBytes(bytesPerTick);
        read.writeBytes(bytes);
        if (bytes.length < bytesPerTick) {
            answer.complete(read.toString(ISO_8859_1));
        }
    }
}
