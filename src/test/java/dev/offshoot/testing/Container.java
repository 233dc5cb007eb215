package dev.offshoot.testing;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A container of the manifests, as far as the service notices it: the image's own flags, the limit of its memory, and a
 * limit of its descriptors where one is given.
 */
public record Container(long memoryBytes, OptionalInt descriptors) {
    private static final Path MANIFEST = Path.of("src/main/kubernetes/base/deployment.yaml");
    private static final Path IMAGE = Path.of("Dockerfile.jvm");
    private static final Pattern ENTRYPOINT = Pattern.compile("ENTRYPOINT \\[(.*?)]", Pattern.DOTALL);
    private static final Pattern FLAG = Pattern.compile("\"(-XX:[^\"]+)\"");
    /** The cache fits only the image's own JVM. */
    private static final String OF_THE_IMAGE_ALONE = "-XX:AOTCache";

    private static final Pattern MEBIBYTES = Pattern.compile("(\\d+)Mi");

    /** With the memory that the manifests give, and as many descriptors as the tests have. */
    public static Container ofTheManifests() {
        var memory = MEBIBYTES.matcher(memoryLimit());
        if (!memory.matches()) {
            throw new AssertionError("a limit in another unit: " + memoryLimit());
        }
        return new Container(Long.parseLong(memory.group(1)) << 20, OptionalInt.empty());
    }

    public Container withDescriptors(int limit) {
        return new Container(memoryBytes, OptionalInt.of(limit));
    }

    /** The command that starts the packaged jar in it. */
    List<String> starting(Stream<String> settings) {
        var flags = Stream.concat(imageFlags(), Stream.of("-XX:MaxRAM=" + memoryBytes))
                .toList();
        return Stream.concat(limiting(), Packaged.startingJar(flags, settings)).toList();
    }

    private Stream<String> limiting() {
        return descriptors.stream()
                .boxed()
                .flatMap(limit -> Stream.of("sh", "-c", "ulimit -n " + limit + " && exec \"$@\"", "sh"));
    }

    private static Stream<String> imageFlags() {
        return ENTRYPOINT
                .matcher(text(IMAGE))
                .results()
                .flatMap(entrypoint -> FLAG.matcher(entrypoint.group(1)).results())
                .map(flag -> flag.group(1))
                .filter(flag -> !flag.startsWith(OF_THE_IMAGE_ALONE));
    }

    private static String memoryLimit() {
        try {
            return new YAMLMapper()
                    .readTree(text(MANIFEST))
                    .at("/spec/template/spec/containers/0/resources/limits/memory")
                    .asText();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
