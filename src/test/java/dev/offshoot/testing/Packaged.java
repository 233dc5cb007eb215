package dev.offshoot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What was packaged last, as the build has noted it beside its work: the integration tests start that, be it a jar or a
 * native image.
 */
public enum Packaged {
    JAR("jar") {
        @Override
        Stream<String> command(Stream<String> settings) {
            return startingJar(BRIEF, settings);
        }
    },
    /** What a native image is made of. It runs on a JVM as well, with what the image's build left out left out. */
    NATIVE_SOURCES("native-sources") {
        @Override
        Stream<String> command(Stream<String> settings) {
            return java(BRIEF, nativeSources(), settings);
        }
    },
    NATIVE("native") {
        @Override
        Stream<String> command(Stream<String> settings) {
            return Stream.concat(Stream.of(TARGET.resolve(note("path")).toString()), settings);
        }
    };

    private static final Path TARGET = Path.of("target").toAbsolutePath();

    /** A process of a test ends before the work of the second compiler and of a parallel collector pays. */
    private static final List<String> BRIEF = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final String type;

    Packaged(String type) {
        this.type = type;
    }

    public static Packaged current() {
        var type = note("type");
        return Arrays.stream(values())
                .filter(each -> each.type.equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no test knows how to start what was packaged: " + type));
    }

    /** For tests of the demonstration. */
    public static boolean hasEmbeddedStore() {
        return current() == JAR;
    }

    /** For tests of what a native image is made of. */
    public static boolean isNativeSources() {
        return current() == NATIVE_SOURCES;
    }

    /** The jar that a native image is made of; its libraries lie in {@code lib} beside it. */
    public static Path nativeSources() {
        try (var files = Files.list(TARGET.resolve("native-sources"))) {
            return files.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The command that starts it with those settings. */
    static List<String> starting(Stream<String> settings) {
        return current().command(settings).toList();
    }

    /** The command that starts the jar with those flags of the JVM and those settings. */
    static Stream<String> startingJar(List<String> flags, Stream<String> settings) {
        return java(flags, TARGET.resolve("quarkus-app/quarkus-run.jar"), settings);
    }

    abstract Stream<String> command(Stream<String> settings);

    private static Stream<String> java(List<String> flags, Path jar, Stream<String> settings) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream.of(Stream.of(java), flags.stream(), settings, Stream.of("-jar", jar.toString()))
                .flatMap(part -> part);
    }

    private static String note(String name) {
        var notes = new Properties();
        try (var file = Files.newBufferedReader(TARGET.resolve("quarkus-artifact.properties"))) {
            notes.load(file);
        } catch (IOException failure) {
            throw new UncheckedIOException("nothing is packaged", failure);
        }
        return notes.getProperty(name);
    }
}
