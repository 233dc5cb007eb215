package dev.offshoot.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offshoot.apikey.KeySecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the search for keys, which every run ends with, finds one. A search that finds nothing anywhere proves nothing. */
class KeySearchTest {
    private final String key = KeySecret.mint().reveal();

    @AfterEach
    void takeAway() {
        TestDatabase.data().getCollection("left").deleteMany(new Document());
    }

    @Test
    void keyInATextIsFoundAndNotRepeated() {
        assertThatThrownBy(() -> KeySearch.assertNone("a log", "first line\nsecond " + key))
                .isInstanceOf(AssertionError.class)
                .hasMessage("A whole API key is in a log, in line 2");
    }

    @Test
    void whatIsNoSecretIsNotFound() {
        KeySearch.assertNone("a log", key.substring(0, key.length() - 1) + " " + key.split("_")[1]);
    }

    @Test
    void keyInADocumentIsFoundByItsCollectionAndId() {
        leave(new Document("_id", 7).append("nested", new Document("name", "x " + key)));
        leave(new Document("_id", 8).append("name", "x"));

        assertThat(TestDatabase.findInAll(KeySearch::in))
                .containsExactly(TestDatabase.name() + ".left BsonInt32{value=7}");
    }

    @Test
    void keyInTheNameOfAFieldIsFound() {
        leave(new Document("_id", 7).append(key, true));

        assertThat(TestDatabase.findInAll(KeySearch::in)).hasSize(1);
    }

    @Test
    void keyThatIsAnIdIsNotRepeated() {
        leave(new Document("_id", key));

        assertThat(TestDatabase.findInAll(KeySearch::in))
                .singleElement()
                .asString()
                .doesNotContain(key);
    }

    @Test
    void keyInWhatARunHasPrintedIsFoundAndNotRepeated(@TempDir Path folder) throws IOException {
        var printed = Files.writeString(folder.resolve("ci.log"), "first line\nsecond " + key + "\n");

        var search = noKeys(folder, printed);

        assertThat(search.exitCode()).isEqualTo(1);
        assertThat(search.output()).endsWith("lines 2.\n").doesNotContain(key);
    }

    @Test
    void runThatHasPrintedNoKeyPasses(@TempDir Path folder) throws IOException {
        var search = noKeys(folder, Files.writeString(folder.resolve("ci.log"), key.substring(1) + "\n"));

        assertThat(search).isEqualTo(new Program.Ended(0, ""));
    }

    private static Program.Ended noKeys(Path folder, Path printed) {
        var script = Path.of(".ci/no-keys").toAbsolutePath().toString();
        return Program.run(folder, Map.of(), script, printed.toString());
    }

    private static void leave(Document document) {
        TestDatabase.data().getCollection("left").insertOne(document);
    }
}
