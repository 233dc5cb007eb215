package dev.offshoot.api.cloudmanager;

import dev.offshoot.testing.Request;
import dev.offshoot.testing.Together;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Sends requests at the same time. */
final class Concurrently {
    private Concurrently() {}

    /** The statuses of the answers, in the requests' order. */
    static List<Integer> statuses(Request... requests) {
        var calls = Stream.of(requests)
                .<Callable<Integer>>map(request -> () -> request.send().status())
                .toList();
        try {
            return Together.run(calls);
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
