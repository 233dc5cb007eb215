package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.junit.jupiter.api.Test;

/** Clients that ask before they send a body, which they do of every call that has one. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class ExpectingClientsTest {
    private static final String ORGS = "/api/public/v1.0/orgs";

    /** A body of five kilobytes. */
    private static final String BODY = "{\"name\":\"Expected\"" + " ".repeat(5000) + "}";

    private final PartnerClient partner = PartnerClient.newPartner();

    /** Each call is refused unread once, with the challenge, and made again on another connection. */
    @Test
    void apacheClientPostsWithDigest() throws IOException {
        var credentials = new BasicCredentialsProvider();
        credentials.setCredentials(
                new AuthScope(null, -1),
                new UsernamePasswordCredentials(
                        KeySecret.parse(partner.key()).orElseThrow().id().value(),
                        partner.key().toCharArray()));
        var expecting = RequestConfig.custom().setExpectContinueEnabled(true).build();
        try (var client = HttpClients.custom()
                .setDefaultRequestConfig(expecting)
                .setDefaultCredentialsProvider(credentials)
                .disableAutomaticRetries()
                .build()) {
            for (var i = 0; i < 3; i++) {
                assertThat(status(client, post(ORGS))).isEqualTo(200);
            }
            assertThat(status(client, post(ORGS + "/unknown/x/y"))).isEqualTo(404);
            assertThat(status(
                            client,
                            ClassicRequestBuilder.get(Http.base() + ORGS).build()))
                    .isEqualTo(200);
        }
    }

    /**
     * It offers to upgrade to HTTP/2 with every request, too. A refusal with a body it does not read to its end (Java 17,
     * whatever the server does), so that the refusal here is one without.
     */
    @Test
    void javasClientPostsAndIsRefused() throws IOException, InterruptedException {
        var client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
        for (var i = 0; i < 3; i++) {
            assertThat(status(client, "/api/v1/organisations")).isEqualTo(201);
            assertThat(status(client, "/authorize")).isEqualTo(403);
        }
    }

    private int status(HttpClient client, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(Http.base() + path))
                .expectContinue(true)
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + partner.key())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(BODY))
                .build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }

    private static ClassicHttpRequest post(String path) {
        return ClassicRequestBuilder.post(Http.base() + path)
                .setEntity(BODY, ContentType.APPLICATION_JSON)
                .build();
    }

    private static int status(CloseableHttpClient client, ClassicHttpRequest request) throws IOException {
        return client.execute(request, response -> {
            response.getEntity().getContent().readAllBytes();
            return response.getCode();
        });
    }
}
