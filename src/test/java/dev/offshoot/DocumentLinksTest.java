package dev.offshoot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the pages link to within the repository is there: files, folders, and headings. Other sites are not asked. And the
 * README is short, and names the version.
 */
class DocumentLinksTest {
    private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern VERSION =
            Pattern.compile("<artifactId>offshoot</artifactId>\\s*<version>([^<]+)</version>");
    private static final List<String> AT_THE_TOP =
            List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        var broken = new ArrayList<String>();
        var followed = 0;
        for (var page : pages()) {
            var links = LINK.matcher(CODE.matcher(text(page)).replaceAll(""))
                    .results()
                    .toList();
            for (var link : links) {
                var target = link.group(1);
                if (!target.matches("[a-z]+:.*")) {
                    followed++;
                    if (!isThere(page, target)) {
                        broken.add(page + " -> " + target);
                    }
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(followed).isGreaterThan(30);
    }

    @Test
    void everyPageOfTheDocumentationIsReachedFromTheReadme() throws IOException {
        var reached = new HashSet<Path>();
        reach(Path.of("README.md"), reached);

        assertThat(reached).containsAll(pages());
    }

    @Test
    void linksThatLeadNowhereAreNoticed() {
        assertThat(isThere(Path.of("README.md"), "src/docs/keys.md#rotate-a-key"))
                .isTrue();
        assertThat(isThere(Path.of("README.md"), "src/docs/keys.md#no-such-heading"))
                .isFalse();
        assertThat(isThere(Path.of("README.md"), "src/docs/none.md")).isFalse();
        assertThat(isThere(Path.of("src/docs/keys.md"), "edge.md")).isTrue();
    }

    @Test
    void readmeHasAtMost110Lines() {
        assertThat(text(Path.of("README.md")).lines()).hasSizeLessThanOrEqualTo(110);
    }

    @Test
    void readmeNamesTheVersionOfTheBuild() {
        var version = VERSION.matcher(text(Path.of("pom.xml")));

        assertThat(version.find()).isTrue();
        assertThat(text(Path.of("README.md"))).contains("**Version** " + version.group(1) + " ");
    }

    /** A folder that is linked to stands for all of its pages. */
    private static void reach(Path page, Set<Path> reached) {
        if (!reached.add(page)) {
            return;
        }
        LINK.matcher(text(page))
                .results()
                .map(link -> link.group(1).replaceAll("#.*", ""))
                .filter(target -> !target.isEmpty() && !target.matches("[a-z]+:.*"))
                .map(target -> page.resolveSibling(target).normalize())
                .flatMap(DocumentLinksTest::pagesAt)
                .forEach(next -> reach(next, reached));
    }

    private static Stream<Path> pagesAt(Path target) {
        if (!Files.isDirectory(target)) {
            return Stream.of(target).filter(file -> file.toString().endsWith(".md") && Files.exists(file));
        }
        try (var files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith(".md")).toList().stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<Path> pages() throws IOException {
        try (var docs = Files.walk(Path.of("src/docs"))) {
            return Stream.concat(AT_THE_TOP.stream().map(Path::of), docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static boolean isThere(Path page, String target) {
        var parts = target.split("#", 2);
        var file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
    }

    /** As the usual renderers make them of headings: lower case, without punctuation, hyphens for spaces, numbered. */
    private static Set<String> anchors(Path page) {
        var anchors = new HashSet<String>();
        var seen = new HashMap<String, Integer>();
        HEADING.matcher(text(page).replaceAll("(?s)```.*?```", "")).results().forEach(heading -> {
            var anchor = heading.group(1)
                    .strip()
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            var before = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        });
        return anchors;
    }

    private static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
