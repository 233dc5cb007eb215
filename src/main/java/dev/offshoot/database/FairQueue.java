package dev.offshoot.database;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** What waits for several requesters, who take turns. It is guarded by its user. */
final class FairQueue<T> {
    /** The requester whose turn is next is the first. */
    private final Map<Object, Deque<T>> byRequester = new LinkedHashMap<>();

    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Object requester, T waiting) {
        byRequester.computeIfAbsent(requester, first -> new ArrayDeque<>()).addLast(waiting);
        size++;
    }

    /** How many of one requester wait. */
    int sizeOf(Object requester) {
        var waiting = byRequester.get(requester);
        return waiting == null ? 0 : waiting.size();
    }

    /** Takes out the next one of the first requester whose next one fits. */
    Optional<T> take(boolean oldestFirst, Predicate<T> fits) {
        for (var waiting : byRequester.entrySet()) {
            if (fits.test(next(waiting.getValue(), oldestFirst))) {
                return Optional.of(take(waiting.getKey(), oldestFirst));
            }
        }
        return Optional.empty();
    }

    private static <T> T next(Deque<T> waiting, boolean oldestFirst) {
        return oldestFirst ? waiting.getFirst() : waiting.getLast();
    }

    /** The requester's next turn comes after those of all others. */
    private T take(Object requester, boolean oldestFirst) {
        var waiting = Objects.requireNonNull(byRequester.remove(requester));
        var taken = oldestFirst ? waiting.removeFirst() : waiting.removeLast();
        if (!waiting.isEmpty()) {
            byRequester.put(requester, waiting);
        }
        size--;
        return taken;
    }

    /** Takes out the oldest one of the requester who has the most. */
    T displace() {
        var fullest = byRequester.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .orElseThrow();
        var displaced = fullest.getValue().getFirst();
        remove(fullest.getKey(), displaced);
        return displaced;
    }

    void remove(Object requester, T waiting) {
        byRequester.computeIfPresent(requester, (same, all) -> {
            size -= all.remove(waiting) ? 1 : 0;
            return all.isEmpty() ? null : all;
        });
    }

    /** Takes out all. */
    List<T> clear() {
        var all = byRequester.values().stream().flatMap(Deque::stream).toList();
        byRequester.clear();
        size = 0;
        return all;
    }
}
