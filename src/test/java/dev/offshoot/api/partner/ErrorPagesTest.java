package dev.offshoot.api.partner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.api.Incoming;
import dev.offshoot.api.RequestId;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Problem;
import dev.offshoot.failure.Violation;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the pages about errors and the codes that the Partner API can answer against one another. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class ErrorPagesTest {
    private static final Path PAGES = Path.of("src/docs/errors");
    private static final Pattern EXAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

    /** At least one failure of each kind, and every subject that can be missing. */
    private static final List<Failure> FAILURES = Stream.concat(
                    Stream.<Failure>of(
                            new Failure.Unauthenticated(),
                            new Failure.Invalid(
                                    Failure.Source.BODY, List.of(new Violation("country", Problem.Bare.MISSING))),
                            new Failure.MalformedBody(Failure.BodyFault.EMPTY),
                            new Failure.Forbidden(),
                            new Failure.AddressRefused("192.0.2.1"),
                            new Failure.ExternalIdTaken(),
                            new Failure.AddressTaken("192.0.2.1/32"),
                            new Failure.CallerLockedOut(),
                            new Failure.DepthExceeded(16),
                            new Failure.MethodNotAllowed(Set.of("GET")),
                            new Failure.NotAcceptable(),
                            new Failure.UnsupportedMediaType(),
                            new Failure.BodyTooLarge(65536),
                            new Failure.BadMessage(Failure.MessagePart.HOST),
                            new Failure.Unavailable(1),
                            new Failure.Internal()),
                    Arrays.stream(Failure.Subject.values()).map(Failure.NotFound::new))
            .toList();

    @Inject
    PartnerSurface surface;

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

            assertThat(names).isEqualTo(new TreeSet<>(answers().keySet()));
        }
    }

    @Test
    void everyPageShowsTheStatusAndTheSentenceThatAreAnswered() {
        assertThat(answers()).allSatisfy((code, answer) -> {
            var page = page(code);
            var example = EXAMPLE.matcher(page);
            assertThat(example.find()).as(code).isTrue();
            var shown = Http.json(example.group(1));
            var error = ((PartnerError) answer.getEntity()).error();

            assertThat(page).startsWith("# `" + code + "` (" + answer.getStatus() + ")\n");
            assertThat(page).contains("\n## What happened\n", "\n## How to fix it\n");
            assertThat(shown.get("identifier").textValue()).isEqualTo(code);
            assertThat(shown.get("error").get("code").textValue()).isEqualTo(code);
            assertThat(shown.get("error").get("message").textValue()).isEqualTo(error.message());
            assertThat(shown.has("violation")).isEqualTo(answer.getStatus() == 400);
        });
    }

    private static String page(String code) {
        try {
            return Files.readString(PAGES.resolve(code + ".md"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** An answer with each code; of several, the first. */
    private Map<String, Response> answers() {
        var request = new Incoming(new RequestId("1"), null, "/", InetAddress.getLoopbackAddress(), "http://localhost");
        return FAILURES.stream()
                .map(failure -> surface.answer(failure, request))
                .collect(Collectors.toMap(
                        answer -> ((PartnerError) answer.getEntity()).identifier(),
                        Function.identity(),
                        (first, second) -> first));
    }
}
