package dev.offshoot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;

/** The packaged service in a process of its own, as an operator starts it. For integration tests. */
public final class ServiceProcess implements AutoCloseable {
    private static final Pattern SHOWN_KEY = Pattern.compile("OFFSHOOT_KEY=(osk_\\w+)");
    private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:]+:(\\d+)");
    private static final Pattern ENCRYPTED = Pattern.compile("Listening on: .*https://[^:]+:(\\d+)");
    private static final Pattern MANAGEMENT = Pattern.compile("Management interface listening on http://[^:]+:(\\d+)");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern TROUBLE =
            Pattern.compile(".*(\"level\":\"(WARN|ERROR|FATAL)\"| (WARN|ERROR|FATAL) |Exception).*");

    /** The command whose output is a key. */
    private static final String MINTING = "mint-key";

    private final Process process;
    private final Path output;
    private final boolean mayPrintKeys;
    private boolean isEnding;

    private ServiceProcess(Process process, Path output, boolean mayPrintKeys) {
        this.process = process;
        this.output = output;
        this.mayPrintKeys = mayPrintKeys;
    }

    /** Starts it with those settings, and waits until it is ready. */
    public static ServiceProcess start(Path folder, Map<String, String> settings) {
        return whenReady(launch(folder, settings));
    }

    /** Starts it as a container of the image does, and waits until it is ready. */
    public static ServiceProcess start(Path folder, Map<String, String> settings, Container container) {
        return whenReady(launch(folder, settings, container::starting));
    }

    private static ServiceProcess whenReady(ServiceProcess started) {
        started.awaitListening();
        Ready.await(started.management());
        return started;
    }

    /** Waits until its ports are open. */
    public void awaitListening() {
        Awaitility.await("the service listens")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> hasEnded() || LISTENING.matcher(output()).find());
        if (hasEnded()) {
            throw new AssertionError("the service ended at once: " + output());
        }
    }

    /** A replica on the run's database. */
    public static ServiceProcess startReplica(Path folder, String mongodbUri) {
        return start(
                folder,
                Map.of(
                        "quarkus.mongodb.connection-string", mongodbUri,
                        "quarkus.mongodb.database", TestDatabase.name(),
                        "offshoot.root.key", Installation.rootKey(),
                        "offshoot.key-encryption.current", Installation.encryptionKey()));
    }

    /** Starts it and does not wait. Settings that are named in capitals are set in its environment. */
    public static ServiceProcess launch(Path folder, Map<String, String> settings, String... arguments) {
        return launch(folder, settings, Packaged::starting, arguments);
    }

    private static ServiceProcess launch(
            Path folder,
            Map<String, String> settings,
            Function<Stream<String>, List<String>> starting,
            String... arguments) {
        var all = new HashMap<>(Map.of(
                "quarkus.http.port", "0",
                "quarkus.http.host", "127.0.0.1",
                "quarkus.management.port", "0",
                "quarkus.management.host", "127.0.0.1",
                "quarkus.shutdown.delay", "0s"));
        all.putAll(settings);
        var environment = new HashMap<>(all);
        environment.keySet().removeIf(name -> !name.equals(name.toUpperCase(Locale.ROOT)));
        all.keySet().removeAll(environment.keySet());
        var command = new ArrayList<>(starting.apply(
                all.entrySet().stream().map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())));
        command.addAll(List.of(arguments));
        try {
            var output = Files.createTempFile(folder, "service", ".log");
            var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
            builder.environment().putAll(environment);
            var started = builder.redirectOutput(output.toFile()).start();
            return new ServiceProcess(started, output, List.of(arguments).contains(MINTING));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A client of this process. */
    public PartnerClient client(String key) {
        return new PartnerClient(base(), key);
    }

    public String base() {
        return "http://127.0.0.1:" + port(LISTENING);
    }

    /** Where it speaks TLS, if it has a certificate. */
    public String encryptedBase() {
        return "https://127.0.0.1:" + port(ENCRYPTED);
    }

    /** Where its health and metrics are. */
    public String management() {
        return "http://127.0.0.1:" + port(MANAGEMENT);
    }

    private String port(Pattern said) {
        var matcher = said.matcher(output());
        if (!matcher.find()) {
            throw new AssertionError("it does not listen: " + output());
        }
        return matcher.group(1);
    }

    /** Its warnings, errors and exceptions so far, but for what the start says of settings that only tests have. */
    public List<String> trouble() {
        return output().lines()
                .filter(line -> TROUBLE.matcher(line).matches())
                .filter(line -> !line.contains("This setting is unsafe: "))
                .toList();
    }

    /** What it has printed so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String outputWithoutWelcome() {
        return SHOWN_KEY.matcher(output()).replaceFirst("");
    }

    /** The root partner's key, which a demonstration with a new store prints once. */
    public String shownKey() {
        var keys = SHOWN_KEY
                .matcher(output())
                .results()
                .map(shown -> shown.group(1))
                .toList();
        assertThat(keys).hasSize(1);
        return keys.get(0);
    }

    /** What its JVM says of the classes that it has instances of, or had. */
    public String classesInUse(Path folder) throws IOException, InterruptedException {
        return ask(folder, "GC.class_histogram", "-all");
    }

    /** Begins to record what {@link #allocatedBytes} reads. */
    public void recordAllocations(Path folder) throws IOException, InterruptedException {
        ask(
                folder,
                "JFR.start",
                "name=allocations",
                "settings=none",
                "+jdk.ThreadAllocationStatistics#enabled=true",
                "+jdk.ThreadAllocationStatistics#period=everyChunk");
    }

    /** How many bytes its threads have allocated so far. */
    public long allocatedBytes(Path folder) throws IOException, InterruptedException {
        var recording = folder.resolve("allocations.jfr");
        Files.deleteIfExists(recording);
        ask(folder, "JFR.dump", "name=allocations", "filename=" + recording);
        return RecordingFile.readAllEvents(recording).stream()
                .filter(event -> event.getEventType().getName().equals("jdk.ThreadAllocationStatistics"))
                .collect(Collectors.toMap(
                        event -> event.getThread("thread").getJavaThreadId(),
                        event -> event.getLong("allocated"),
                        Math::max))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private String ask(Path folder, String... question) throws IOException, InterruptedException {
        var answer = folder.resolve("answer.txt");
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var command = Stream.concat(Stream.of(jcmd, String.valueOf(process.pid())), Stream.of(question));
        var asked = new ProcessBuilder(command.toList())
                .redirectErrorStream(true)
                .redirectOutput(answer.toFile())
                .start();
        if (asked.waitFor() != 0) {
            throw new AssertionError(Files.readString(answer));
        }
        return Files.readString(answer);
    }

    /** The most memory that it has held so far, as the operating system counts it; nothing once it has ended. */
    public OptionalLong peakResidentBytes() {
        try (var lines = Files.lines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
            return lines.map(PEAK::matcher)
                    .filter(Matcher::matches)
                    .mapToLong(peak -> Long.parseLong(peak.group(1)) * 1024)
                    .findFirst();
        } catch (IOException | UncheckedIOException ended) {
            return OptionalLong.empty();
        }
    }

    public boolean hasEnded() {
        return !process.isAlive();
    }

    /** Waits for its end, looks for keys in what it printed, and gives its exit code. */
    public int awaitEnd() {
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end: " + output());
            }
            if (!mayPrintKeys) {
                KeySearch.assertNone("what a service printed", outputWithoutWelcome());
            }
            return process.exitValue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** Asks it to end, as an orchestrator does, and waits until it has. */
    public void terminate() {
        askToEnd();
        awaitEnd();
    }

    /** Asks it to end, as an orchestrator does, and does not wait. */
    public void askToEnd() {
        isEnding = true;
        process.destroy();
    }

    /** As kill -9 does. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Ends it at once, and looks for keys in its metrics and in what it printed. */
    @Override
    public void close() {
        try {
            if (process.isAlive() && !isEnding && MANAGEMENT.matcher(output()).find()) {
                Metrics.scrape(management());
            }
        } finally {
            kill();
        }
    }
}
