package dev.offshoot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.ObjectName;

/**
 * What would be the heap of a native image, as listed by a JVM of its own that does what the image's build does before it
 * looks at what there is: it runs the static half of the framework's start and initialises the service's classes, but for
 * those that are left to the image's own start. Whatever is there then is the same in every process of that image.
 *
 * @param initialised the classes that are left to the start and were initialised all the same
 * @param present those with instances that something refers to
 */
public record ImageHeap(List<String> initialised, List<String> present) {
    private static final String INITIALISED = "initialised ";
    private static final Pattern COUNTED = Pattern.compile("^ *\\d+: +\\d+ +\\d+ +([\\w.$]+)");
    private static final String OURS = "dev/offshoot/";
    private static final String CLASS = ".class";

    /** @param leftToTheStart the names of classes */
    public static ImageHeap of(Path jar, Collection<String> leftToTheStart, Path folder)
            throws IOException, InterruptedException {
        var output = folder.resolve("heap.txt");
        var tests = Path.of("target/test-classes").toAbsolutePath();
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                jar + ":" + tests,
                ImageHeap.class.getName() + "$ErrorSpec",
                jar.toString()));
        command.addAll(leftToTheStart);
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        var lines = Files.readAllLines(output);
        assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
        return new ImageHeap(
                lines.stream()
                        .filter(line -> line.startsWith(INITIALISED))
                        .map(line -> line.substring(INITIALISED.length()))
                        .toList(),
                lines.stream()
                        .flatMap(line -> COUNTED.matcher(line).results())
                        .map(found -> found.group(1))
                        .toList());
    }

    /** The classes with instances, as far as the test knows them. */
    public Stream<Class<?>> types() {
        return present.stream().flatMap(ImageHeap::type);
    }

    /** Those that are of that type. */
    public List<String> instancesOf(Class<?> type) {
        return types().filter(type::isAssignableFrom).map(Class::getName).toList();
    }

    private static Stream<Class<?>> type(String name) {
        try {
            return Stream.of(Class.forName(name, false, ImageHeap.class.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError generated) {
            return Stream.empty();
        }
    }

    /** The program of that JVM. Arguments: the jar, then the classes that are left to the start. */
    static final class ErrorSpec {
        private ErrorSpec() {}

        public static void main(String... arguments) throws Exception {
            var leftToTheStart = new TreeSet<>(List.of(arguments).subList(1, arguments.length));
            Class.forName("io.quarkus.runner.ApplicationImpl");
            for (var name : ours(Path.of(arguments[0]))) {
                Class.forName(name, !leftToTheStart.contains(name), ErrorSpec.class.getClassLoader());
            }
            for (var name : leftToTheStart) {
                if (isInitialised(name)) {
                    System.out.println(INITIALISED + name);
                }
            }
            System.out.println(histogram());
            System.exit(0);
        }

        private static Set<String> ours(Path jar) throws Exception {
            try (var file = new JarFile(jar.toFile())) {
                return new TreeSet<>(file.stream()
                        .map(JarEntry::getName)
                        .filter(name -> name.startsWith(OURS) && name.endsWith(CLASS))
                        .map(name -> name.substring(0, name.length() - CLASS.length())
                                .replace('/', '.'))
                        .toList());
            }
        }

        /** There is no public way to ask. */
        private static boolean isInitialised(String name) throws Exception {
            var unsafe = Class.forName("jdk.internal.misc.Unsafe");
            var instance = unsafe.getMethod("getUnsafe").invoke(null);
            var type = Class.forName(name, false, ErrorSpec.class.getClassLoader());
            return !(boolean)
                    unsafe.getMethod("shouldBeInitialized", Class.class).invoke(instance, type);
        }

        /** Of what is reachable: the JVM collects its garbage first. */
        private static Object histogram() throws Exception {
            return ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        }
    }
}
