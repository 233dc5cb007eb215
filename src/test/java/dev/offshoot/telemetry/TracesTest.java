package dev.offshoot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.ObservedInstallation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Spans;
import dev.offshoot.testing.Together;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Traces: what belongs together is together, who called is said, and nothing that is nobody else's business. */
@Tag("any-database")
@QuarkusTest
@WithTestResource(value = ObservedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class TracesTest {
    private static final String CALLER_SPAN = "00f067aa0ba902b7";

    @Inject
    Scheduler scheduler;

    private final PartnerClient partner = PartnerClient.newPartner();

    @Test
    void spanOfARequestTellsItsRouteAndCallerAndHasItsCommandsBeneath() {
        var organisation = partner.create("A").id();
        var trace = newTrace();

        send(partner, trace, "01", "GET", "/organisations/" + organisation, null);

        var spans = Spans.ofTrace(trace, TracesTest::isRequest);
        var request = request(spans);
        assertThat(request.getName()).isEqualTo("GET /organisations/{organisation_id}");
        assertThat(request.getParentSpanId()).isEqualTo(CALLER_SPAN);
        assertThat(Spans.attribute(request, "offshoot.organisation.id")).isEqualTo(organisationOf(partner));
        assertThat(Spans.attribute(request, "offshoot.key.id"))
                .isEqualTo(KeySecret.parse(partner.key()).orElseThrow().id().value());
        assertThat(Spans.attribute(request, "offshoot.api")).isEqualTo("partner");
        assertThat(request.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(beneath(request, spans)).endsWith("find organisations");
    }

    /** Each creation sends two commands, one after the other, every one after a hop through the driver's threads. */
    @Test
    void requestsAtOnceDoNotMix() throws Exception {
        var partners =
                IntStream.range(0, 12).mapToObj(i -> PartnerClient.newPartner()).toList();
        var traces = partners.stream().map(each -> newTrace()).toList();
        partners.forEach(each -> each.list(""));

        Together.run(IntStream.range(0, partners.size())
                .<Callable<Answer>>mapToObj(i -> () -> send(
                        partners.get(i),
                        traces.get(i),
                        "01",
                        "POST",
                        "/organisations",
                        Http.text(PartnerClient.body("At once"))))
                .toList());

        for (var i = 0; i < partners.size(); i++) {
            var spans = Spans.ofTrace(traces.get(i), TracesTest::isRequest);
            var request = request(spans);
            assertThat(Spans.attribute(request, "offshoot.organisation.id")).isEqualTo(organisationOf(partners.get(i)));
            assertThat(beneath(request, spans)).endsWith("insert api_keys", "insert organisations");
            assertThat(spans).filteredOn(TracesTest::isRequest).hasSize(1);
        }
    }

    @Test
    void traceThatTheCallerDoesNotSampleIsNotSampledHere() {
        var unsampled = newTrace();
        var sampled = newTrace();

        send(partner, unsampled, "00", "GET", "/organisations", null);
        send(partner, sampled, "01", "GET", "/organisations", null);

        Spans.ofTrace(sampled, TracesTest::isRequest);
        assertThat(Spans.all()).extracting(SpanData::getTraceId).doesNotContain(unsampled);
    }

    @Test
    void requestWithoutATraceBeginsOne() {
        var before = Spans.all().size();

        partner.list("");

        Awaitility.await().until(() -> Spans.all().stream()
                .skip(before)
                .anyMatch(span -> span.getName().equals("GET /organisations")
                        && !span.getParentSpanContext().isValid()));
    }

    @Test
    void databaseThatIsAwayIsAnErrorOfTheRequestAndOfItsCommand() {
        var proxy = ObservedInstallation.proxy();
        partner.list("");
        var trace = newTrace();
        scheduler.pause();
        proxy.arm(1, Action.CUT_BEFORE);
        try {
            assertThat(send(partner, trace, "01", "GET", "/organisations", null).status())
                    .isEqualTo(503);
        } finally {
            proxy.heal();
            scheduler.resume();
        }

        var spans = Spans.ofTrace(trace, TracesTest::isRequest);
        assertThat(request(spans).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(spans).filteredOn(span -> span.getKind() == SpanKind.CLIENT).anySatisfy(command -> {
            assertThat(command.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(Spans.attribute(command, "error.type")).startsWith("Mongo");
        });
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> partner.send("GET", "/organisations").status() == 200);
    }

    @Test
    void runOfABackgroundJobIsATraceOfItsOwn() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Spans.all().stream()
                .anyMatch(span -> span.getName().equals("backlog")));

        var job = Spans.all().stream()
                .filter(span -> span.getName().equals("backlog"))
                .findFirst()
                .orElseThrow();
        assertThat(job.getParentSpanContext().isValid()).isFalse();
        assertThat(beneath(job, Spans.ofTrace(job.getTraceId(), span -> span.getName()
                        .equals("backlog"))))
                .contains("find organisations", "find api_keys", "find usage_records", "find usage_days");
    }

    @Test
    void nothingSecretAndNothingWrittenByTheClientIsInAnySpan() {
        var customer = partner.create("Top-secret-name");
        var unknown = KeySecret.mint().reveal();
        var trace = newTrace();
        CloudManagerClient.of(partner).create("Top-secret-name");
        MonoidClient.of(partner).list("?name=Top-secret-name");
        partner.verify(customer.apiKey());
        partner.send("GET", "/organisations/" + unknown);
        partner.put("Top-secret-name", PartnerClient.body("A"));
        partner.getByExternalId("Top-secret-name");
        partner.list("?partner_external_id=Top-secret-name");
        partner.send("GET", "/organisations?key=" + unknown + "&q=Top-secret-name");
        partner.send("GET", "/Top-secret-name/" + unknown);
        PartnerClient.with(unknown).send("GET", "/organisations");
        send(partner, newTrace(), "01", "POST", "/organisations", "{\"organisation_name\":\"Top-secret-name\"");
        Http.request("GET", "/authorize/Top-secret-name?x-api-key=" + unknown)
                .header("x-gateway-key", partner.key())
                .header("x-api-key", customer.apiKey())
                .header("User-Agent", "Top-secret-name")
                .header("baggage", "key=" + unknown)
                .send();
        partner.call(
                "GET",
                "/organisations",
                null,
                Map.of("traceparent", "00-" + trace + "-" + CALLER_SPAN + "-01", "tracestate", "key=" + unknown));
        Spans.ofTrace(trace, TracesTest::isRequest);

        var spec = Spans.all().toString();
        assertThat(Stream.of(partner.key(), customer.apiKey(), unknown)
                        .map(key -> key.substring(key.indexOf('_') + 1 + 12)))
                .allSatisfy(secret -> assertThat(spec).doesNotContain(secret));
        assertThat(spec).doesNotContain("Top-secret-name", "osk_", "user_agent", "url.");
        assertThat(Spans.all()).allSatisfy(span -> assertThat(span.getEvents()).isEmpty());
    }

    private static Answer send(
            PartnerClient partner, String trace, String flags, String method, String path, @Nullable String body) {
        return partner.call(method, path, body, Map.of("traceparent", "00-" + trace + "-" + CALLER_SPAN + "-" + flags));
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static String organisationOf(PartnerClient partner) {
        var answer = partner.verify(partner.key());
        return answer.organisationId();
    }

    private static boolean isRequest(SpanData span) {
        return span.getKind() == SpanKind.SERVER;
    }

    private static SpanData request(List<SpanData> spans) {
        return spans.stream().filter(TracesTest::isRequest).findFirst().orElseThrow();
    }

    private static List<String> beneath(SpanData parent, List<SpanData> spans) {
        return spans.stream()
                .filter(span -> span.getParentSpanId().equals(parent.getSpanId()))
                .sorted(Comparator.comparing(SpanData::getStartEpochNanos))
                .map(SpanData::getName)
                .toList();
    }
}
