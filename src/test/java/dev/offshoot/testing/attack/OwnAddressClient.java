package dev.offshoot.testing.attack;

import dev.offshoot.testing.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Calls from an address of this machine's, each on a connection of its own, and none waits for longer than clients do. */
public final class OwnAddressClient implements AutoCloseable {
    private static final Timeout PATIENCE = Timeout.ofSeconds(5);
    private static final int CONNECTIONS = 200;

    private final CloseableHttpClient http;
    private final String base;

    /** What came back. */
    public record Reply(int status, String body) {}

    public OwnAddressClient(String base, String from) throws IOException {
        this(base, from, PATIENCE);
    }

    /** @param patience how long it waits for an answer */
    public OwnAddressClient(String base, String from, Timeout patience) throws IOException {
        this.base = base;
        var address = InetAddress.getByName(from);
        http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(CONNECTIONS)
                        .setMaxConnPerRoute(CONNECTIONS)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(PATIENCE)
                                .setSocketTimeout(patience)
                                .build())
                        .build())
                .setDefaultRequestConfig(
                        RequestConfig.custom().setResponseTimeout(patience).build())
                .setRoutePlanner(new DefaultRoutePlanner(null) {
                    @Override
                    protected InetAddress determineLocalAddress(HttpHost first, HttpContext context) {
                        return address;
                    }
                })
                .setConnectionReuseStrategy((request, response, context) -> false)
                .disableAutomaticRetries()
                .build();
    }

    /** @param body as JSON, if there is one */
    public Reply send(String method, String path, Map<String, String> fields, @Nullable Object body)
            throws IOException {
        var request = new HttpUriRequestBase(method, URI.create(base + path));
        fields.forEach(request::addHeader);
        if (body != null) {
            request.setEntity(new StringEntity(Http.text(body), ContentType.APPLICATION_JSON));
        }
        return http.execute(
                request,
                answer -> new Reply(
                        answer.getCode(), answer.getEntity() == null ? "" : EntityUtils.toString(answer.getEntity())));
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
