package dev.offshoot.testing.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.isolation.Target.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who reaches what of one API, written as a table: a row for each call, a column for each {@link Caller} that can reach
 * anything on some API. A cell has one status for all targets, or five, in the order of {@link Place}.
 */
public record IsolationTable(List<Row> rows) {

    /**
     * A call and what its callers are answered.
     *
     * @param call a method, a path below the API's own with its parameters in braces, a query, and a header
     * @param body what is sent, for a call that takes a body
     */
    public record Row(String call, @Nullable Object body, Map<Caller, List<Integer>> statuses) {
        public String method() {
            return call.split(" ")[0];
        }

        /** The path with its query. */
        public String path() {
            var parts = call.split(" +", 3);
            return parts.length < 2 ? "" : parts[1];
        }

        /** The call without its query and its header. */
        public String route() {
            return route(call);
        }

        private static String route(String call) {
            return call.replaceFirst("\\?.*", "").replaceFirst(" +[A-Za-z-]+: .*", "");
        }

        /** The name and the value of the header that is sent; empty without one. */
        public Map<String, String> header() {
            var parts = call.split(" +", 3);
            return parts.length < 3 ? Map.of() : Map.of(parts[2].split(": ", 2)[0], parts[2].split(": ", 2)[1]);
        }

        public Set<Caller> callers() {
            return statuses.keySet();
        }

        /** The status that the caller has to be answered. */
        public int expected(Caller caller, Target target) {
            var cell = Objects.requireNonNull(statuses.get(caller));
            return cell.get(cell.size() == 1 ? 0 : target.place().ordinal());
        }

        /** Whether there is a target that the caller reaches. */
        public boolean lets(Caller caller) {
            return Stream.of(Target.values()).anyMatch(target -> expected(caller, target) < 400);
        }

        public boolean names(String parameter) {
            return route().contains("{" + parameter + "}");
        }

        public boolean writes() {
            return !method().equals("GET");
        }

        @Override
        public String toString() {
            return call;
        }
    }

    /**
     * The table that the text is.
     *
     * @param text the first line has the callers' names
     * @param bodies what calls send, by method and path
     */
    public static IsolationTable of(String text, Map<String, ?> bodies) {
        var lines = text.lines().map(IsolationTable::cells).toList();
        var callers = lines.get(0).stream().skip(1).map(Caller::valueOf).toList();
        var rows = new ArrayList<Row>();
        for (var cells : lines.subList(1, lines.size())) {
            assertThat(cells).as("the cells of a row").hasSize(1 + callers.size());
            var statuses = new EnumMap<Caller, List<Integer>>(Caller.class);
            callers.forEach(caller -> statuses.put(caller, statuses(cells.get(1 + callers.indexOf(caller)))));
            var call = cells.get(0);
            rows.add(new Row(call, bodies.get(Row.route(call)), statuses));
        }
        return new IsolationTable(rows);
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.split("\\|")).map(String::strip).toList();
    }

    private static List<Integer> statuses(String cell) {
        var statuses = Arrays.stream(cell.split(" +")).map(Integer::valueOf).toList();
        assertThat(statuses.size()).as(cell).isIn(1, Place.values().length);
        return statuses;
    }
}
