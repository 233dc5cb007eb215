package dev.offshoot.api.cloudmanager;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Program;
import dev.offshoot.testing.Program.Ended;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.util.VersionInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real clients against the packaged service, unmodified: each is given the base URL and a key, and no more. Those that
 * {@code src/test/clients/install.sh} has not installed are skipped and named.
 */
class CloudManagerClientsIT {
    private static final String ORGS = "/api/public/v1.0/orgs";
    private static final Path SCRIPTS = Path.of("src/test/clients").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    static Path folder;

    private static ServiceProcess service;

    private final PartnerClient partner = service.client(Objects.requireNonNull(
            service.client(Installation.rootKey()).createPartner("Partner").partnerKey()));
    private final String key = Objects.requireNonNull(partner.key());
    private final String user = KeySecret.parse(key).orElseThrow().id().value();
    private final String orgs = service.base() + ORGS;

    @BeforeAll
    static void start() {
        service = ServiceProcess.startReplica(folder, TestDatabase.uri());
    }

    @AfterAll
    static void stop() {
        service.close();
        assertThat(service.trouble()).isEmpty();
    }

    @Test
    void curlCreatesReadsListsRenamesAndDeletes() {
        var created = json(curl("--data", "{\"name\":\"By curl\"}", orgs));
        var one = orgs + "/" + created.get("id").textValue();

        assertThat(json(curl(one))).isEqualTo(created);
        assertThat(json(curl(one + "/"))).isEqualTo(created);
        assertThat(json(curl(orgs)).get("results")).contains(created);
        assertThat(json(curl(orgs + "/")).get("totalCount").intValue()).isEqualTo(2);
        assertThat(json(curl("--request", "PATCH", "--data", "{\"name\":\"Renamed\"}", one + "?pretty=true"))
                        .get("name")
                        .textValue())
                .isEqualTo("Renamed");
        assertThat(json(curl(orgs + "?name=rENAMED")).get("totalCount").intValue())
                .isEqualTo(1);
        assertThat(curl("--request", "DELETE", one).output()).isEqualTo("204");
        assertThat(partner.list("").total()).isZero();
        tell(Program.run(folder, Map.of(), "curl", "--version").output().replaceAll("(?s) \\(.*", ""));
    }

    @Test
    void curlAsTheContractsPrintIt() {
        var id = partner.create("Organization Name").id();
        var one = orgs + "/" + id;

        var got = contractCurl("--request", "GET", one + "/");
        var listed = contractCurl("--request", "GET", orgs + "/");
        var renamed = contractCurl(
                "--header",
                "Content-Type: application/json",
                "--request",
                "PATCH",
                one + "?pretty=true",
                "--data",
                "\n {\n   \"name\" :  \"Organization Name 1\"\n }");

        for (var exchange : List.of(got, listed, renamed)) {
            assertThat(exchange).containsSubsequence("HTTP/1.1 401 Unauthorized", "HTTP/1.1 200 OK", "\r\n\r\n{");
            assertThat(exchange).contains("X-MongoDB-Service-Version: gitHash=");
        }
        assertThat(body(got).get("id").textValue()).isEqualTo(id);
        assertThat(body(listed).get("totalCount").intValue()).isEqualTo(2);
        assertThat(body(renamed).get("name").textValue()).isEqualTo("Organization Name 1");
    }

    @Test
    void curlWithAWrongPasswordIsRefused() {
        var ended = Program.run(
                folder,
                Map.of(),
                "curl",
                "--silent",
                "--digest",
                "--user",
                user + ":wrong",
                "--write-out",
                "%{http_code}",
                "--data",
                "{\"name\":\"A\"}",
                "--header",
                "Content-Type: application/json",
                orgs);

        assertThat(ended.output()).contains("NO_CURRENT_USER").endsWith("401");
        assertThat(partner.list("").total()).isZero();
    }

    @Test
    void curlTakesANewNonceForEachOfTwentyCallsOnOneConnection() {
        var arguments = new ArrayList<>(List.of("--dump-header", "-", "--verbose"));
        for (var i = 0; i < 20; i++) {
            arguments.addAll(List.of("--output", folder.resolve("discarded").toString(), orgs));
        }

        var exchange = curl(arguments.toArray(String[]::new)).output();

        assertThat(exchange.split("< HTTP/1.1 401 ", -1)).hasSize(21);
        assertThat(exchange.split("< HTTP/1.1 200 ", -1)).hasSize(21);
        assertThat(exchange.split(" Connected to ", -1)).hasSize(2);
    }

    @Test
    void pythonRequests() {
        script(
                "python",
                Program.INSTALLED.resolve("python/bin/python").toString(),
                SCRIPTS.resolve("client.py").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"urllib", "digest-fetch"})
    void node(String library) {
        script("node", "node", SCRIPTS.resolve("client.mjs").toString(), library);
    }

    @Test
    void go() {
        script("go", Program.INSTALLED.resolve("go/client").toString());
    }

    @Test
    void goSdk() {
        script("go", Program.INSTALLED.resolve("go/sdk").toString());
    }

    @Test
    void javaApacheHttpClient() throws Exception {
        try (var client = apache()) {
            var context = HttpClientContext.create();
            var ids = new ArrayList<String>();
            for (var i = 0; i < 5; i++) {
                ids.add(send(client, context, "POST", orgs, "{\"name\":\"By Java\"}", 200)
                        .get("id")
                        .textValue());
            }
            assertThat(pages(client, context))
                    .hasSize(6)
                    .doesNotHaveDuplicates()
                    .containsAll(ids);

            var one = orgs + "/" + ids.get(0);
            assertThat(send(client, context, "PATCH", one, "{\"name\":\"Renamed\"}", 200)
                            .get("name")
                            .textValue())
                    .isEqualTo("Renamed");
            assertThat(send(client, context, "GET", one + "/", null, 200)
                            .get("name")
                            .textValue())
                    .isEqualTo("Renamed");
            send(client, context, "DELETE", one, null, 204);
            send(client, context, "GET", one, null, 404);
            for (var i = 0; i < 20; i++) {
                send(client, context, "GET", orgs, null, 200);
            }
            inParallel(8, () -> send(client, HttpClientContext.create(), "GET", orgs, null, 200));
        }
        assertThat(partner.list("").total()).isEqualTo(4);
        var version =
                VersionInfo.loadVersionInfo("org.apache.hc.client5", getClass().getClassLoader());
        tell("Apache HttpClient " + version.getRelease() + ", Java " + Runtime.version());
    }

    /** Runs a client's script, which has to end well and leave its four organisations. */
    private void script(String installed, String... command) {
        Program.assumeInstalled(installed, "The Cloud Manager API was not driven");
        var settings = Map.of(
                "OFFSHOOT_URL",
                service.base(),
                "OFFSHOOT_USER",
                user,
                "OFFSHOOT_KEY",
                key,
                "CLIENT_FOLDER",
                Program.INSTALLED.resolve(installed).toString());

        var ended = Program.run(folder, settings, command);

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(partner.list("").total()).isEqualTo(4);
        tell(ended.output().strip());
    }

    private Ended curl(String... arguments) {
        var command = new ArrayList<>(List.of("curl", "--silent", "--digest", "--user", user + ":" + key));
        command.addAll(List.of("--header", "Content-Type: application/json", "--write-out", "%{http_code}"));
        command.addAll(List.of(arguments));
        var ended = Program.run(folder, Map.of(), command.toArray(String[]::new));
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended;
    }

    /** The options of the contracts' example requests. */
    private String contractCurl(String... arguments) {
        var command = new ArrayList<>(List.of("curl", "--silent", "--user", user + ":" + key, "--digest"));
        command.addAll(List.of("--header", "Accept: application/json", "--include"));
        command.addAll(List.of(arguments));
        return Program.run(folder, Map.of(), command.toArray(String[]::new)).output();
    }

    private static JsonNode json(Ended curl) {
        assertThat(curl.output()).endsWith("200");
        return Http.json(curl.output().substring(0, curl.output().length() - 3));
    }

    private static JsonNode body(String exchange) {
        return Http.json(exchange.substring(exchange.lastIndexOf("\r\n\r\n")));
    }

    private CloseableHttpClient apache() {
        var credentials = new BasicCredentialsProvider();
        var host = URI.create(service.base());
        credentials.setCredentials(
                new AuthScope(new HttpHost(host.getScheme(), host.getHost(), host.getPort())),
                new UsernamePasswordCredentials(user, key.toCharArray()));
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(8)
                .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultCredentialsProvider(credentials)
                .build();
    }

    private List<String> pages(CloseableHttpClient client, HttpClientContext context) throws IOException {
        var ids = new ArrayList<String>();
        var seen = new HashSet<String>();
        var url = orgs + "?itemsPerPage=2";
        while (!url.isEmpty() && seen.add(url)) {
            var page = send(client, context, "GET", url, null, 200);
            page.get("results").forEach(found -> ids.add(found.get("id").textValue()));
            url = "";
            for (var link : page.get("links")) {
                url = link.get("rel").textValue().equals("next")
                        ? link.get("href").textValue()
                        : url;
            }
        }
        return ids;
    }

    private static JsonNode send(
            CloseableHttpClient client, HttpClientContext context, String method, String url, String body, int status)
            throws IOException {
        var request = ClassicRequestBuilder.create(method).setUri(url);
        if (body != null) {
            request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
        }
        return client.execute(request.build(), context, answer -> {
            var text = answer.getEntity() == null ? "" : EntityUtils.toString(answer.getEntity());
            assertThat(answer.getCode()).as(method + " " + url + ": " + text).isEqualTo(status);
            return Http.json(text.isEmpty() ? "null" : text);
        });
    }

    private static void inParallel(int times, Callable<?> action) throws Exception {
        var threads = Executors.newFixedThreadPool(times);
        try {
            for (var running : threads.invokeAll(Collections.nCopies(10 * times, action))) {
                running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Which client it was that was content. */
    private static void tell(String client) {
        System.out.println("The Cloud Manager API was driven by " + client);
    }
}
