package dev.offshoot.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.offshoot.testing.Http.Answer;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One connection to the service, on which a test writes every byte of its requests itself. */
public final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final Set<String> VERSIONS = Set.of("HTTP/1.0", "HTTP/1.1");

    private final Socket socket;
    private final InputStream in;

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
    }

    public static Wire open() throws IOException {
        return open(Http.base(), "0.0.0.0");
    }

    /** A connection to that server, from that address of this machine's. */
    public static Wire open(String server, String from) throws IOException {
        var base = URI.create(server);
        var socket = new Socket(base.getHost(), base.getPort(), InetAddress.getByName(from), 0);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new Wire(socket);
    }

    /** Sends the lines of a head, each closed as the protocol wants it, and the empty line behind them. */
    public Wire head(String... lines) throws IOException {
        return text(String.join("\r\n", lines) + "\r\n\r\n");
    }

    public Wire text(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** The next answer, interim ones (RFC 9110, section 15.2) too. */
    public Answer read() throws IOException {
        var line = line();
        var version = line.split(" ", 2)[0];
        if (!VERSIONS.contains(version)) {
            throw new AssertionError("no version of HTTP that is spoken here: " + line);
        }
        return rest(line);
    }

    /** The next answer. The HTTP library's own refusal of a malformed head repeats the version of the request. */
    public Answer readOfAnyVersion() throws IOException {
        return rest(line());
    }

    private Answer rest(String statusLine) throws IOException {
        var status = Integer.parseInt(statusLine.split(" ", 3)[1]);
        Map<String, List<String>> fields = new HashMap<>();
        for (var field = line(); !field.isEmpty(); field = line()) {
            var colon = field.indexOf(':');
            fields.computeIfAbsent(field.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(field.substring(colon + 1).strip());
        }
        var headers = HttpHeaders.of(fields, (name, value) -> true);
        var length = (int) headers.firstValueAsLong("content-length").orElse(0);
        return new Answer(status, headers, new String(in.readNBytes(length), UTF_8));
    }

    /** Whether the service closes the connection without a further byte. */
    public boolean isClosed() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var read = in.read(); read != '\n'; read = in.read()) {
            if (read < 0) {
                throw new EOFException("closed after: " + line);
            }
            line.append((char) read);
        }
        return line.toString().stripTrailing();
    }
}
