package dev.offshoot.testing;

import static io.restassured.config.DecoderConfig.decoderConfig;
import static io.restassured.config.HttpClientConfig.httpClientConfig;
import static io.restassured.config.RedirectConfig.redirectConfig;
import static io.restassured.config.RestAssuredConfig.config;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.offshoot.testing.Http.Answer;
import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.http.ContentType;
import io.restassured.http.Header;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.HttpClient;
import org.apache.http.client.params.ClientPNames;
import org.apache.http.entity.BufferedHttpEntity;
import org.apache.http.impl.client.DefaultHttpClient;
import org.apache.http.impl.client.DefaultHttpRequestRetryHandler;
import org.apache.http.impl.client.RequestWrapper;
import org.apache.http.impl.conn.PoolingClientConnectionManager;
import org.apache.http.params.CoreConnectionPNames;
import org.apache.http.protocol.HttpContext;

/**
 * Sends a request through rest-assured, with one client for all threads. That one sorts and repairs queries, merges slashes,
 * joins fields of one name and declares types by itself, so the head is written over it just before it is sent.
 */
final class Exchange {
    private static final int PATIENCE_MILLIS = 90_000;
    private static final int CONNECTIONS = 200;

    /** The other side may have closed a connection that was idle for longer. Whether it has takes a millisecond to find out. */
    private static final int MOST_IDLE_MILLIS = 200;

    private static final ThreadLocal<Request> SENDING = new ThreadLocal<>();
    private static final PoolingClientConnectionManager POOL = new PoolingClientConnectionManager();
    private static final RequestSpecification SPECIFICATION = specification(client());

    private Exchange() {}

    static Answer of(Request request) {
        SENDING.set(request);
        POOL.closeIdleConnections(MOST_IDLE_MILLIS, TimeUnit.MILLISECONDS);
        try {
            return answer(given(request).request(request.method(), withoutQuery(request.url())));
        } finally {
            SENDING.remove();
        }
    }

    private static RequestSpecification given(Request request) {
        var given = RestAssured.given(SPECIFICATION);
        if (request.body() instanceof byte[] bytes) {
            return given.contentType(ContentType.BINARY).body(bytes);
        }
        return request.body() instanceof InputStream stream
                ? given.contentType(ContentType.BINARY).body(stream)
                : given;
    }

    private static Answer answer(Response response) {
        var fields = response.headers().asList().stream()
                .collect(groupingBy(
                        field -> field.getName().toLowerCase(Locale.ROOT), mapping(Header::getValue, toList())));
        return new Answer(
                response.statusCode(),
                HttpHeaders.of(fields, (name, value) -> true),
                new String(response.asByteArray(), UTF_8));
    }

    /** Has the head say what the test wrote, and nothing that it did not. */
    private static void writeHead(HttpRequest sent, HttpContext context) {
        var written = SENDING.get();
        ((RequestWrapper) sent).setURI(URI.create(written.target()));
        sent.removeHeaders("Accept");
        sent.removeHeaders("Content-Type");
        written.fields().forEach(field -> sent.addHeader(field.name(), field.value()));
    }

    /** Reads the body at once, which frees the connection: rest-assured does not look at an empty one. */
    private static void readBody(HttpResponse answered, HttpContext context) throws IOException {
        if (answered.getEntity() != null) {
            answered.setEntity(new BufferedHttpEntity(answered.getEntity()));
        }
    }

    private static String withoutQuery(String url) {
        var query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    private static RequestSpecification specification(HttpClient client) {
        var config = config().httpClient(
                        httpClientConfig().httpClientFactory(() -> client).reuseHttpClientInstance())
                .redirect(redirectConfig().followRedirects(false))
                .decoderConfig(decoderConfig().noContentDecoders());
        return new RequestSpecBuilder()
                .setConfig(config)
                .setUrlEncodingEnabled(false)
                .build();
    }

    /** The client of the kind that rest-assured takes, which its makers call old. */
    @SuppressWarnings("deprecation")
    private static HttpClient client() {
        POOL.setMaxTotal(CONNECTIONS);
        POOL.setDefaultMaxPerRoute(CONNECTIONS);
        var client = new DefaultHttpClient(POOL);
        client.getParams()
                .setIntParameter(CoreConnectionPNames.CONNECTION_TIMEOUT, PATIENCE_MILLIS)
                .setIntParameter(CoreConnectionPNames.SO_TIMEOUT, PATIENCE_MILLIS)
                .setBooleanParameter(CoreConnectionPNames.STALE_CONNECTION_CHECK, false)
                .setBooleanParameter(ClientPNames.HANDLE_REDIRECTS, false);
        client.setHttpRequestRetryHandler(new DefaultHttpRequestRetryHandler(0, false));
        client.addRequestInterceptor(Exchange::writeHead);
        client.addResponseInterceptor(Exchange::readBody);
        return client;
    }
}
