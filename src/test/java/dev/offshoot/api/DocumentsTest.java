package dev.offshoot.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What holds for the OpenAPI documents of all APIs. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class DocumentsTest {
    private final List<ApiDocument> documents =
            ApiDocument.ALL.stream().map(ApiDocument::served).toList();

    /** What is wrong in no document's calls may still be left over in its components. */
    @Test
    void noComponentIsUnusedExceptTheAnswersThatBelongToNoCall() {
        assertThat(documents).allSatisfy(document -> assertThat(document.unusedComponents())
                .isSubsetOf("responses/UnknownPath", "responses/MethodNotAllowed"));
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

    @Test
    void pageShowsAllOfThem() {
        var page = Http.request("GET", "/q/swagger-ui/").send().body();

        assertThat(ApiDocument.ALL).allSatisfy(path -> assertThat(page).contains(path));
    }
}
