package dev.offshoot.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Does several things at the same time, each on a thread of its own. */
public final class Together {
    private Together() {}

    /** What came of each, in their order. */
    public static <T> List<T> run(List<Callable<T>> calls) throws InterruptedException, ExecutionException {
        var threads = Executors.newFixedThreadPool(calls.size());
        try {
            var running = threads.invokeAll(calls);
            var results = new ArrayList<T>();
            for (var result : running) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }
}
