package dev.offshoot.api.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The page that says how to set up a proxy, for tests to do as it says. */
final class EdgeDocument {
    private static final Path PAGE = Path.of("src/docs/edge.md");

    private EdgeDocument() {}

    /** What is to be pasted, in the page's order. */
    static List<String> blocks(String language) {
        var block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL);
        return block.matcher(text()).results().map(found -> found.group(1)).toList();
    }

    /** The one block in that language. */
    static String block(String language) {
        var blocks = blocks(language);
        assertThat(blocks).hasSize(1);
        return blocks.get(0);
    }

    /** The text with what the page asks to fill in, which has to be there once. */
    static String fillIn(String text, String placeholder, String value) {
        assertThat(text.split(Pattern.quote(placeholder), -1)).as(placeholder).hasSize(2);
        return text.replace(placeholder, value);
    }

    private static String text() {
        try {
            return Files.readString(PAGE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
