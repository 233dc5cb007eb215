package dev.offshoot.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Violation;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the pages about errors and the codes that the Partner API and the Monoid API can answer against one another.
 * The Cloud Manager API has the codes of its original.
 */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class ErrorPagesTest {
    private static final Path PAGES = Path.of("src/docs/errors");
    private static final Pattern EXAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
    private static final String PARTNER = "/organisations";
    private static final String MONOID = "/api/v1/organisations";

    /** At least one failure of each kind, and every subject that can be missing. */
    private static final List<Failure> FAILURES = Stream.concat(
                    Stream.<Failure>of(
                            new Failure.Unauthenticated("revoked"),
                            new Failure.Forbidden("role"),
                            new Failure.AddressRefused("192.0.2.1"),
                            new Failure.Invalid(Failure.Source.BODY, List.of(Violation.required("name"))),
                            new Failure.MalformedBody(Failure.MalformedBody.Reason.EMPTY),
                            new Failure.BadMessage(Failure.MessagePart.HOST),
                            new Failure.PreconditionFailed(),
                            new Failure.IdempotencyKeyReused(),
                            new Failure.RequestInProgress(1),
                            new Failure.ExternalIdTaken(),
                            new Failure.MemberExists(),
                            new Failure.InvitationExists(),
                            new Failure.LastOwner(),
                            new Failure.RollUpTooLarge(Failure.RollUpPart.CHILDREN, 1000),
                            new Failure.LimitExceeded(Failure.Limited.MEMBERS, 10_000),
                            new Failure.AddressTaken("192.0.2.1/32"),
                            new Failure.CallerLockedOut(),
                            new Failure.LastPartnerKey(),
                            new Failure.DepthExceeded(16),
                            new Failure.MethodNotAllowed(Set.of("GET")),
                            new Failure.NotAcceptable(),
                            new Failure.UnsupportedMediaType(),
                            new Failure.BodyTooLarge(65536),
                            new Failure.BodyTooSlow(),
                            new Failure.UnsupportedFraming(),
                            new Failure.UnsupportedVersion(),
                            new Failure.RateLimited(10, 1),
                            new Failure.Unavailable(Failure.Unavailable.Cause.STARTING),
                            new Failure.Internal()),
                    Arrays.stream(Failure.Subject.values()).map(Failure.NotFound::new))
            .toList();

    @Inject
    ErrorResponder errors;

    @Inject
    Bodies bodies;

    /** An error as it is answered: its status and the bytes of its body. */
    private record Rendered(int status, JsonNode body) {
        String code() {
            return body.get("error").get("code").textValue();
        }

        String message() {
            return body.get("error").get("message").textValue();
        }
    }

    @Test
    void everyKindOfFailureIsLookedAt() {
        assertThat(FAILURES.stream().map(Failure::kind).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Failure.Kind.values());
    }

    @Test
    void everyCodeHasItsPageAndEveryPageItsCode() throws IOException {
        try (var pages = Files.list(PAGES)) {
            var names = pages.map(page -> page.getFileName().toString().replace(".md", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            var codes = new TreeSet<>(answers(PARTNER).keySet());
            codes.addAll(answers(MONOID).keySet());

            assertThat(names).isEqualTo(codes);
        }
    }

    @Test
    void everyPageShowsWhatThePartnerApiAnswers() {
        assertThat(answers(PARTNER)).allSatisfy((code, spec) -> {
            var page = page(code);
            var shown = examples(page).get(0);

            assertThat(page).startsWith("# `" + code + "` (" + spec.status() + ")\n");
            assertThat(fields(shown)).isEqualTo(fields(spec.body()));
            assertThat(shown.get("identifier").textValue()).isEqualTo(code);
            assertThat(new Rendered(spec.status(), shown).code()).isEqualTo(code);
            assertThat(new Rendered(spec.status(), shown).message()).isEqualTo(spec.message());
        });
    }

    /** Whatever the Monoid API says otherwise than the Partner API, or alone, has an example of its own. */
    @Test
    void everyPageShowsWhatTheMonoidApiAnswers() {
        var partners = answers(PARTNER);
        assertThat(answers(MONOID)).allSatisfy((code, spec) -> {
            var page = page(code);
            var shown = examples(page);

            assertThat(page).startsWith("# `" + code + "` (" + spec.status() + ")\n");
            if (partners.containsKey(code) && partners.get(code).message().equals(spec.message())) {
                assertThat(shown).hasSize(1);
            } else {
                assertThat(shown.get(shown.size() - 1)).isEqualTo(spec.body());
            }
        });
    }

    @Test
    void everyPageSaysWhatHappenedAndHowToFixIt() throws IOException {
        try (var pages = Files.list(PAGES)) {
            assertThat(pages).allSatisfy(page -> assertThat(Files.readString(page))
                    .contains("\n## What happened\n", "\n## How to fix it\n"));
        }
    }

    /** What the database decided: the same request would not do better. Later, or by another key, the others may do better. */
    @Test
    void errorsThatARetryGetsAgainAreThoseThatTheContractNames() {
        var request = incoming(PARTNER);
        for (var failure : FAILURES) {
            var isDecided =
                    Set.of(404, 409, 412).contains(spec(failure, request).status())
                            && !(failure instanceof Failure.RequestInProgress)
                            && !(failure instanceof Failure.CallerLockedOut);

            assertThat(Retries.isKept(failure.asException())).as("%s", failure).isEqualTo(isDecided);
        }
    }

    private static String page(String code) {
        try {
            return Files.readString(PAGES.resolve(code + ".md"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<JsonNode> examples(String page) {
        return EXAMPLE.matcher(page)
                .results()
                .map((MatchResult example) -> Http.json(example.group(1)))
                .toList();
    }

    private static List<String> fields(JsonNode error) {
        return Stream.of(error, error.get("error"))
                .flatMap(object -> object.properties().stream())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** An answer with each code of the API that has that path; of several, the first. */
    private Map<String, Rendered> answers(String path) {
        var request = incoming(path);
        var answers = new LinkedHashMap<String, Rendered>();
        for (var failure : FAILURES) {
            var spec = spec(failure, request);
            answers.putIfAbsent(spec.code(), spec);
        }
        return answers;
    }

    private static Incoming incoming(String path) {
        var local = Optional.of(InetAddress.getLoopbackAddress());
        return new Incoming(new RequestId("1"), withoutHeaders(), path, local, "http://localhost", "");
    }

    private static HttpServerRequest withoutHeaders() {
        return (HttpServerRequest) Proxy.newProxyInstance(
                HttpServerRequest.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (of, asked, with) -> {
                    assertThat(asked.getName()).isEqualTo("headers");
                    return MultiMap.caseInsensitiveMultiMap();
                });
    }

    private Rendered spec(Failure failure, Incoming request) {
        var answer = errors.respond(failure, request);
        return new Rendered(answer.getStatus(), Http.json(new String(bodies.bytes(answer.getEntity()), UTF_8)));
    }
}
