package dev.offshoot.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.testing.ApiDocument;
import dev.offshoot.testing.ApiDocument.Call;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The collection of calls has every call that there is. That each of them answers as it says is CollectionIT's. */
@Tag("any-database")
@QuarkusTest
@QuarkusTestResource(Installation.class)
class CollectionTest {
    private static final Path FOLDER = Path.of("src/docs/collection");

    private final Set<Call> calls = ApiDocument.callsOfAll();
    private final List<JsonNode> items = new ArrayList<>();

    @BeforeEach
    void read() throws IOException {
        var collection = Http.json(Files.readString(FOLDER.resolve("offshoot.postman_collection.json")));
        for (var folder : collection.get("item")) {
            folder.get("item").forEach(items::add);
        }
    }

    @Test
    void everyCallIsInTheCollection() {
        var there = new TreeSet<Call>();
        items.forEach(item -> there.add(call(item)));

        assertThat(there).isEqualTo(calls);
    }

    @Test
    void everyItemLooksAtItsAnswer() {
        assertThat(items)
                .allSatisfy(item -> assertThat(item.at("/event/0/script/exec").toString())
                        .as(item.get("name").textValue())
                        .contains("pm.test(", "pm.response.to.have.status("));
    }

    @Test
    void noSecretIsInIt() throws IOException {
        try (var files = Files.list(FOLDER)) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContainPattern("osk_[a-z0-9]{12}"));
        }
    }

    /** The documented call that has this item's method and path; the one with the most words of its own, if several. */
    private Call call(JsonNode item) {
        var request = item.get("request");
        var path = request.at("/url/raw").textValue().replace("{{baseUrl}}", "").replaceAll("\\?.*", "");
        return calls.stream()
                .filter(call -> call.method().equals(request.get("method").textValue()))
                .filter(call -> path.matches(call.path().replaceAll("\\{\\w+}", "[^/]+")))
                .min(Comparator.comparing(call -> call.path().split("\\{").length))
                .orElseThrow(() -> new AssertionError("no such call: " + item.get("name")));
    }
}
