import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The least that an answer can cost: the HTTP server that the service uses, with as many event loops, reads the request to
 * its end and answers a target, with its query, with recorded bytes. It does nothing else.
 */
public final class BareEndpoint extends AbstractVerticle {
    private final int port;
    private final Map<String, Answer> answers;

    private BareEndpoint(int port, Map<String, Answer> answers) {
        this.port = port;
        this.answers = answers;
    }

    /** A recorded answer, without the headers that the server writes itself. */
    private record Answer(int status, List<String[]> headers, Buffer body) {
        static Answer read(Path recorded) throws IOException {
            var parts = Files.readString(recorded).split("\r\n\r\n", 2);
            var head = parts[0].split("\r\n");
            var headers = Arrays.stream(head)
                    .skip(1)
                    .filter(line -> !line.toLowerCase().startsWith("content-length"))
                    .map(line -> line.split(": ", 2))
                    .toList();
            return new Answer(Integer.parseInt(head[0].split(" ")[1]), headers, Buffer.buffer(parts[1]));
        }

        void send(HttpServerResponse response) {
            response.setStatusCode(status);
            headers.forEach(header -> response.putHeader(header[0], header[1]));
            response.end(body);
        }
    }

    /** @param arguments each target with the file of its answer, as {@code /path?query=file} */
    public static void main(String[] arguments) throws IOException {
        var port = freePort();
        var answers = new HashMap<String, Answer>();
        for (var argument : arguments) {
            var target = argument.substring(0, argument.lastIndexOf('='));
            answers.put(target, Answer.read(Path.of(argument.substring(target.length() + 1))));
        }
        var eventLoops = 2 * Runtime.getRuntime().availableProcessors();
        Vertx.vertx()
                .deployVerticle(() -> new BareEndpoint(port, answers), new DeploymentOptions().setInstances(eventLoops))
                .onSuccess(deployed -> System.out.println("Listening on: http://127.0.0.1:" + port))
                .onFailure(Throwable::printStackTrace);
    }

    /** A free port that all event loops can share. */
    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    @Override
    public void start() {
        vertx.createHttpServer()
                .requestHandler(request ->
                        request.body().onSuccess(body -> answers.get(request.uri()).send(request.response())))
                .listen(port, "127.0.0.1");
    }
}
