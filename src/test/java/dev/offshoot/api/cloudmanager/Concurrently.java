package dev.offshoot.api.cloudmanager;

import dev.offshoot.testing.Http;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Sends requests at the same time, each on a thread of its own. */
final class Concurrently {
    private Concurrently() {}

    /** The statuses of the answers, in the requests' order. */
    static List<Integer> statuses(HttpRequest.Builder... requests) {
        var threads = Executors.newFixedThreadPool(requests.length);
        try {
            var answers = Stream.of(requests)
                    .map(HttpRequest.Builder::build)
                    .map(request -> CompletableFuture.supplyAsync(() -> Http.send(request), threads))
                    .toList();
            return answers.stream().map(answer -> answer.join().status()).toList();
        } finally {
            threads.shutdown();
        }
    }
}
