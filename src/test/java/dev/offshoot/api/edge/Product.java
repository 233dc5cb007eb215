package dev.offshoot.api.edge;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A server that answers everything with one status, and remembers what it was sent. */
final class Product implements AutoCloseable {
    private static final int MAX_HEADERS = 64 * 1024;

    private final Vertx vertx = Vertx.vertx();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final int status;
    private final HttpServer server;

    private Product(int status) {
        this.status = status;
        server = vertx.createHttpServer(new HttpServerOptions().setMaxHeaderSize(MAX_HEADERS))
                .requestHandler(this::serve)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /**
     * A request that arrived.
     *
     * @param headers by their names as a product may read them: in lower case, and with a hyphen for all else
     */
    record Seen(String method, String target, Map<String, List<String>> headers, Buffer body) {
        List<String> header(String name) {
            return headers.getOrDefault(name, List.of());
        }
    }

    static Product start() {
        return answering(200);
    }

    static Product answering(int status) {
        return new Product(status);
    }

    String base() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** What arrives while the action runs. */
    List<Seen> during(Runnable action) {
        seen.clear();
        action.run();
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void serve(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            var headers = request.headers().entries().stream()
                    .collect(Collectors.groupingBy(
                            entry -> entry.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-"),
                            Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
            seen.add(new Seen(request.method().name(), request.uri(), headers, body));
            request.response()
                    .setStatusCode(status)
                    .putHeader("Location", "/elsewhere")
                    .end("served");
        });
    }
}
