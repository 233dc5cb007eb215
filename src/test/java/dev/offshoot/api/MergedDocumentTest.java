package dev.offshoot.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.ApiDocument.Call;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The document of all APIs says what those of each say: every call of theirs, no other, and nothing else of it. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class MergedDocumentTest {
    private static final List<String> OTHERS =
            List.of("/q/openapi", "/q/openapi/cloud-manager", "/q/openapi/monoid", "/q/openapi/edge");

    private final ApiDocument merged = ApiDocument.served("/q/openapi/all");
    private final List<ApiDocument> others =
            OTHERS.stream().map(ApiDocument::served).toList();

    @Test
    void everyCallOfEachIsThereAndSaysTheSame() {
        var calls = new TreeMap<Call, ObjectNode>();
        for (var document : others) {
            for (var call : document.calls()) {
                var there = document.whole(call);
                qualifyTags(document, there);
                assertThat(calls.put(call, there)).as("%s twice", call).isNull();
            }
        }

        assertThat(merged.calls()).isEqualTo(calls.keySet()).hasSizeGreaterThan(50);
        assertThat(calls)
                .allSatisfy((call, there) ->
                        assertThat(merged.whole(call)).as("%s", call).isEqualTo(there));
    }

    @Test
    void everyComponentOfEachIsThere() {
        for (var section : List.of("schemas", "responses", "parameters", "headers", "securitySchemes")) {
            var there = others.stream()
                    .mapToInt(document ->
                            document.json().path("components").path(section).size())
                    .sum();

            assertThat(merged.json().get("components").get(section)).as(section).hasSize(there);
        }
    }

    /** What is wrong in no document's calls may still be left over in its components. */
    @Test
    void nothingIsLeftUnusedButWhatBelongsToNoCall() {
        for (var document : others) {
            assertThat(document.unusedComponents()).isSubsetOf("responses/UnknownPath", "responses/MethodNotAllowed");
        }
        assertThat(merged.unusedComponents())
                .hasSize(6)
                .allMatch(name -> name.matches("responses/\\w+(UnknownPath|MethodNotAllowed)"));
    }

    @Test
    void everyCallSaysWhichCredentialItTakes() {
        assertThat(merged.json().has("security")).isFalse();
        assertThat(merged.json().get("paths").findValues("operationId")).hasSameSizeAs(merged.calls());
        assertThat(merged.json().get("paths").findValues("security")).hasSameSizeAs(merged.calls());
    }

    /** A generated client names its functions after them; nobody should have to tell two by a letter. */
    @Test
    void namesOfCallsAreUniqueHoweverOrganisationIsSpelt() {
        var names = merged.json().get("paths").findValuesAsText("operationId").stream()
                .map(name -> name.toLowerCase(Locale.ROOT).replace("ization", "isation"))
                .toList();

        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void tagsAndDescriptionsAreThoseOfEach() {
        var names = new TreeSet<>(merged.json().get("tags").findValuesAsText("name"));
        var expected = new TreeSet<String>();
        for (var document : others) {
            document.json()
                    .get("tags")
                    .findValuesAsText("name")
                    .forEach(tag -> expected.add(api(document) + ": " + tag));
            assertThat(merged.json().at("/info/description").textValue())
                    .contains("# " + api(document) + "\n\n"
                            + document.json().at("/info/description").textValue());
        }

        assertThat(names).isEqualTo(expected);
    }

    @Test
    void pageShowsAllOfThem() {
        var page = Http.send(Http.request("GET", "/q/swagger-ui/").build()).body();

        assertThat(page).contains("/q/openapi/all", "All APIs");
        assertThat(OTHERS).allSatisfy(path -> assertThat(page).contains(path));
    }

    private static String api(ApiDocument document) {
        return document.json().at("/info/title").textValue().replace("Offshoot ", "");
    }

    private static void qualifyTags(ApiDocument document, ObjectNode operation) {
        var tags = StreamSupport.stream(operation.get("tags").spliterator(), false)
                .map(tag -> api(document) + ": " + tag.textValue())
                .toList();
        var qualified = operation.putArray("tags");
        tags.forEach(qualified::add);
    }
}
