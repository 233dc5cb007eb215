package dev.offshoot.api.cloudmanager;

import dev.offshoot.testing.Http;
import dev.offshoot.testing.Together;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Sends requests at the same time. */
final class Concurrently {
    private Concurrently() {}

    /** The statuses of the answers, in the requests' order. */
    static List<Integer> statuses(HttpRequest.Builder... requests) {
        var calls = Stream.of(requests)
                .map(HttpRequest.Builder::build)
                .<Callable<Integer>>map(request -> () -> Http.send(request).status())
                .toList();
        try {
            return Together.run(calls);
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
