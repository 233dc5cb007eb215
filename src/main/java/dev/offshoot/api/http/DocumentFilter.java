package dev.offshoot.api.http;

import dev.offshoot.api.documents.Document;
import dev.offshoot.api.documents.Document.Content;
import dev.offshoot.api.documents.Documents;
import dev.offshoot.failure.Failure;
import dev.offshoot.settings.Settings;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves the pages of documentation, and answers everything else beneath {@code /q}, where the framework has pages of its
 * own. Pages take no place of the APIs' requests: they have a bound of their own, which counts a page until its last byte
 * has gone to the client.
 */
@Singleton
class DocumentFilter {
    private static final String ROOT = "/q";
    private static final String SWAGGER_UI = ROOT + "/swagger-ui";
    private static final String GZIP = "gzip";
    private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    /** How long clients keep a page; short, because an upgrade changes it. */
    private static final String CACHE_CONTROL = "public, max-age=60";

    /** How much of a page is handed to the HTTP library at once. That is all it holds for a client that does not read. */
    private static final int PIECE_BYTES = 64 * 1024;

    /** RFC 9113, section 7. */
    private static final long CANCEL = 8;

    private final Documents documents;
    private final EarlyAnswer answer;
    private final RequestTelemetry telemetry;
    private final int maxInFlight;
    private final long answerMillis;
    private final AtomicInteger inFlight = new AtomicInteger();

    DocumentFilter(Documents documents, EarlyAnswer answer, RequestTelemetry telemetry, Settings settings) {
        this.documents = documents;
        this.answer = answer;
        this.telemetry = telemetry;
        this.maxInFlight = settings.http().maxDocumentsInFlight();
        this.answerMillis = settings.http().connections().answerTimeout().toMillis();
    }

    void register(@Observes Filters filters) {
        filters.register(this::enter, RequestFilters.DOCUMENTS);
    }

    private void enter(RoutingContext routing) {
        var path = Target.path(routing);
        if (!path.equals(ROOT) && !path.startsWith(ROOT + "/")) {
            routing.next();
            return;
        }
        var page = documents.find(withoutLastSlash(path), wantsJson(routing)).or(() -> documents.find(path, false));
        if (page.isEmpty() && LaunchMode.current() == LaunchMode.DEVELOPMENT) {
            routing.next();
            return;
        }
        telemetry.observe(routing);
        if (page.isPresent()) {
            serve(routing, page.get());
        } else if (path.equals(SWAGGER_UI)
                && documents.find(SWAGGER_UI + "/", false).isPresent()) {
            redirect(routing);
        } else {
            answer.refuse(routing, new Failure.NotFound(Failure.Subject.PATH));
        }
    }

    private void serve(RoutingContext routing, Document page) {
        var method = routing.request().method();
        var content = acceptsGzip(routing) ? page.compressed() : page.plain();
        if (!METHODS.contains(method)) {
            answer.refuse(routing, new Failure.MethodNotAllowed(Set.of("GET", "HEAD")));
        } else if (isKnown(routing.request(), content.tag())) {
            head(routing, content).setStatusCode(304).end();
        } else if (method.equals(HttpMethod.HEAD)) {
            headOfBody(routing, page, content).end();
        } else if (inFlight.incrementAndGet() <= maxInFlight) {
            var deadline = deadline(routing);
            send(headOfBody(routing, page, content), content, 0).onComplete(sent -> {
                routing.vertx().cancelTimer(deadline);
                inFlight.decrementAndGet();
            });
        } else {
            inFlight.decrementAndGet();
            answer.refuse(routing, new Failure.Unavailable(Failure.Unavailable.Cause.TOO_MANY_DOCUMENTS));
        }
    }

    /** Gives up a page that its client has not read in time. */
    private long deadline(RoutingContext routing) {
        return routing.vertx().setTimer(answerMillis, late -> {
            if (routing.request().version() == HttpVersion.HTTP_2) {
                routing.response().reset(CANCEL);
            } else {
                routing.request().connection().close();
            }
        });
    }

    /** Sends the rest of a page, each piece when the one before has gone. */
    private static Future<Void> send(HttpServerResponse response, Content content, int from) {
        var piece = content.piece(from, PIECE_BYTES);
        var next = from + piece.length();
        return next == content.length()
                ? response.end(piece)
                : response.write(piece).compose(gone -> send(response, content, next));
    }

    /** The page names its files relative to itself. */
    private static void redirect(RoutingContext routing) {
        head(routing)
                .setStatusCode(302)
                .putHeader(HttpHeaders.LOCATION, "swagger-ui/")
                .end();
    }

    private static HttpServerResponse headOfBody(RoutingContext routing, Document page, Content content) {
        var response = head(routing, content)
                .putHeader(HttpHeaders.CONTENT_TYPE, page.type() + ";charset=UTF-8")
                .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(content.length()));
        return content.isCompressed() ? response.putHeader(HttpHeaders.CONTENT_ENCODING, GZIP) : response;
    }

    private static HttpServerResponse head(RoutingContext routing, Content content) {
        return head(routing)
                .putHeader(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL)
                .putHeader(HttpHeaders.VARY, "Accept, Accept-Encoding")
                .putHeader(HttpHeaders.ETAG, content.tag());
    }

    private static HttpServerResponse head(RoutingContext routing) {
        var request = routing.request();
        if (!request.isEnded()) {
            request.resume();
        }
        var id = RequestId.of(request);
        return routing.response().putHeader(RequestId.HEADER, id.value());
    }

    private static boolean wantsJson(RoutingContext routing) {
        var accepted = routing.request().getHeader(HttpHeaders.ACCEPT);
        return (accepted != null && accepted.contains("application/json"))
                || routing.queryParam("format").stream().limit(1).anyMatch("json"::equalsIgnoreCase);
    }

    private static boolean acceptsGzip(RoutingContext routing) {
        return routing.parsedHeaders().acceptEncoding().stream()
                .anyMatch(coding -> coding.value().equalsIgnoreCase(GZIP) && coding.weight() > 0);
    }

    /** Whether the client has the page with that tag already (RFC 9110, section 13.1.2). */
    private static boolean isKnown(HttpServerRequest request, String tag) {
        return request.headers().getAll(HttpHeaders.IF_NONE_MATCH).stream()
                .flatMap(tags -> Arrays.stream(tags.split(",", -1)))
                .map(String::strip)
                .anyMatch(known -> known.equals("*") || known.equals(tag) || known.equals("W/" + tag));
    }

    private static String withoutLastSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
