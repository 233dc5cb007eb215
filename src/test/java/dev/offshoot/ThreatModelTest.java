package dev.offshoot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** That each promise of the threat model names tests, and that there are such tests. */
class ThreatModelTest {
    private static final Path PAGE = Path.of("src/docs/threat-model.md");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`");

    @Test
    void everyPromiseNamesTestsThatThereAre() throws IOException {
        var promises = Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.equals("| promise | held by |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        var tests = testClasses();

        assertThat(promises).isNotEmpty().allSatisfy(promise -> assertThat(
                        TEST.matcher(promise).results().map(MatchResult::group).map(name -> name.replace("`", "")))
                .as(promise)
                .isNotEmpty()
                .isSubsetOf(tests));
    }

    private static Iterable<String> testClasses() throws IOException {
        try (var files = Files.walk(Path.of("src/test/java"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }
}
