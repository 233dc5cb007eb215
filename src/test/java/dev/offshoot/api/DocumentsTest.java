package dev.offshoot.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.Installation;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the OpenAPI documents of all APIs. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class DocumentsTest {
    /** They pass over the conditions of a schema, and examples are no schemas. */
    private static final Set<String> PASSED_OVER = Set.of("if", "then", "else", "example", "examples");

    private static final Set<String> COMBINING = Set.of("allOf", "oneOf", "anyOf", "not", "const");

    private static final Pattern OPTIONS = Pattern.compile("options=\"(.+)\"");
    private static final Pattern MAPPING = Pattern.compile("--name-mappings _id=\\w+");

    private final List<ApiDocument> documents =
            ApiDocument.ALL.stream().map(ApiDocument::served).toList();

    /** What is wrong in no document's calls may still be left over in its components. */
    @Test
    void noComponentIsUnusedExceptTheAnswersThatBelongToNoCall() {
        assertThat(documents).allSatisfy(document -> assertThat(document.unusedComponents())
                .isSubsetOf(
                        "responses/UnknownPath",
                        "responses/MethodNotAllowed",
                        "responses/NotImplemented",
                        "responses/HttpVersionNotSupported"));
    }

    /** A generated client names its functions after them; nobody should have to tell two by a letter. */
    @Test
    void namesOfCallsAreUniqueInAllDocumentsInBothSpellings() {
        var names = documents.stream()
                .flatMap(document -> document.json().get("paths").findValuesAsText("operationId").stream())
                .map(name -> name.toLowerCase(Locale.ROOT).replace("ization", "isation"))
                .toList();

        assertThat(names).hasSizeGreaterThan(50).doesNotHaveDuplicates();
    }

    /** What they stumble over: see the decision on how the documents are written. */
    @Test
    void schemasAreOfTheKindThatGeneratorsOfClientsRead() {
        assertThat(documents).allSatisfy(document -> {
            assertThat(stumblingBlocks(document.json(), "")).isEmpty();
        });
    }

    /** So the commands on the page are those that are run. */
    @Test
    void pageOnClientsHasTheOptionsOfTheScriptThatGeneratesThem() throws IOException {
        var script = Files.readString(Path.of("src/test/clients/generate.sh"));
        var page = Files.readString(Path.of("src/docs/clients.md"));

        var options = OPTIONS.matcher(script)
                .results()
                .map(found -> found.group(1).replace("$document", "partner"))
                .toList();
        var mappings = MAPPING.matcher(script).results().map(MatchResult::group).toList();

        assertThat(options).hasSize(4).allSatisfy(option -> assertThat(page).contains(option));
        assertThat(mappings).hasSize(2).allSatisfy(mapping -> assertThat(page).contains(mapping));
    }

    /** The places of combined schemas, of values that can only be null, of nullable ones in another form, and the like. */
    private static List<String> stumblingBlocks(JsonNode node, String place) {
        var type = node.path("type");
        var here = node.isObject()
                        && (COMBINING.stream().anyMatch(node::has)
                                || "null".equals(type.textValue())
                                || (type.isArray() && !isNullable(type))
                                || ("boolean".equals(type.textValue()) && node.has("enum")))
                ? Stream.of(place)
                : Stream.<String>empty();
        var children = node.isArray()
                ? IntStream.range(0, node.size()).mapToObj(i -> stumblingBlocks(node.get(i), place + "/" + i))
                : node.properties().stream()
                        .filter(field -> !PASSED_OVER.contains(field.getKey()))
                        .map(field -> stumblingBlocks(field.getValue(), place + "/" + field.getKey()));
        return Stream.concat(here, children.flatMap(List::stream)).toList();
    }

    private static boolean isNullable(JsonNode types) {
        return types.size() == 2 && "null".equals(types.get(1).textValue());
    }
}
