package dev.offshoot.testing;

import dev.offshoot.testing.CuttingProxy.Action;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A place in a call where something happens to its connection to the database.
 *
 * @param command the number of the database command, counted from 1
 */
public record CrashPoint(int command, Action action) {

    /** The points of a call's commands from the first to the last, or on a slow database a part of them. Prints how many. */
    public static Stream<CrashPoint> of(String what, int first, int last, Action... actions) {
        var points = IntStream.rangeClosed(first, last)
                .boxed()
                .flatMap(command -> Stream.of(actions).map(action -> new CrashPoint(command, action)))
                .toList();
        var chosen = IntStream.range(0, points.size())
                .filter(Cases::runs)
                .mapToObj(points::get)
                .toList();
        System.out.println("Crash points run: " + chosen.size() + " of " + points.size() + " (" + what + ")");
        return chosen.stream();
    }
}
