package dev.offshoot.testing.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What others notice of an attack while it lasts.
 *
 * @param calls what came of each of their calls: a status, or why there was none
 * @param probes the same of the probes of liveness, one each second
 * @param peakBytes the most memory that the process held
 */
public record Observation(List<String> calls, List<String> probes, long peakBytes) {
    private static final Duration LASTS = Duration.ofSeconds(11);
    private static final int CALLS = 125;
    private static final double SERVED = 0.98;
    private static final int THREADS = 64;
    /** The first answers of an attack are under way when the first call is made. */
    private static final Duration AFTER = Duration.ofMillis(500);

    /** Makes the calls at an even pace, and asks for liveness and memory every second. */
    public static Observation of(ServiceProcess service, OwnAddressClient probing, IntFunction<Callable<Integer>> call)
            throws InterruptedException, ExecutionException {
        var threads = Executors.newScheduledThreadPool(THREADS);
        try {
            var peaks = paced(
                    threads,
                    (int) LASTS.toSeconds(),
                    second -> String.valueOf(service.peakResidentBytes().orElse(0)));
            var probes = paced(
                    threads,
                    (int) LASTS.toSeconds(),
                    second -> outcome(() -> probing.send("GET", "/q/health/live", Map.of(), null)
                            .status()));
            var calls = paced(threads, CALLS, number -> outcome(call.apply(number)));
            return new Observation(
                    results(calls),
                    results(probes),
                    results(peaks).stream().mapToLong(Long::parseLong).max().orElseThrow());
        } finally {
            threads.shutdownNow();
        }
    }

    /** The others were served, the process lives, and it kept to its memory. */
    public void assertUnharmed(ServiceProcess service, long memoryBytes) {
        assertThat(service.hasEnded())
                .as("the process has ended: %s", end(service))
                .isFalse();
        assertThat(probes).as("liveness").allMatch("200"::equals);
        var served = calls.stream().filter(outcome -> outcome.startsWith("2")).count();
        assertThat(served)
                .as("of the others' calls %s, and what the service says of all 503s:%n%s", counted(), refusals(service))
                .isGreaterThanOrEqualTo((long) Math.ceil(SERVED * calls.size()));
        assertThat(peakBytes).as("the most memory held").isLessThan(memoryBytes);
    }

    private Map<String, Long> counted() {
        return calls.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    /** The service logs each cause once a second, with the organisation of one of those that it refused. */
    private static String refusals(ServiceProcess service) {
        return service.output()
                .lines()
                .filter(line -> line.contains("Requests are answered 503"))
                .collect(Collectors.joining("\n"));
    }

    private static String end(ServiceProcess service) {
        var output = service.output();
        return output.substring(Math.max(0, output.length() - 1_000));
    }

    private static List<ScheduledFuture<String>> paced(
            ScheduledExecutorService threads, int times, IntFunction<String> what) {
        var spread = LASTS.minus(AFTER).toMillis();
        return IntStream.range(0, times)
                .mapToObj(number -> threads.schedule(
                        () -> what.apply(number), AFTER.toMillis() + spread * number / times, TimeUnit.MILLISECONDS))
                .toList();
    }

    private static List<String> results(List<ScheduledFuture<String>> calls)
            throws InterruptedException, ExecutionException {
        var results = new ArrayList<String>();
        for (var call : calls) {
            results.add(call.get());
        }
        return results;
    }

    private static String outcome(Callable<Integer> call) {
        try {
            return String.valueOf(call.call());
        } catch (Exception | AssertionError unanswered) {
            return unanswered.getClass().getSimpleName();
        }
    }
}
