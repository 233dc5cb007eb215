package dev.offshoot.testing.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.api.http.Route;
import dev.offshoot.api.http.Routes;
import dev.offshoot.testing.ApiClient;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.isolation.IsolationTable.Row;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who reaches what: every call, with every credential, at every target, for two partners in both roles. A test for each
 * API gives its table, and what it says to whom it refuses.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class IsolationChecks {
    private static final Pattern PART = Pattern.compile("\\{(\\w+)}");

    private final Api api;
    private final World unchanged = World.plant();
    private final Map<List<Object>, String> made = new HashMap<>();

    /**
     * What is one API's own. In the bodies, {@code <id>} stands for the id that was asked for and {@code <request id>}
     * for the request's.
     *
     * @param parameter the path parameter that names an organisation
     * @param unauthorised the body of the answer to nobody
     * @param notThere the body of the answer about an organisation that is not there
     */
    public record Api(Routes routes, IsolationTable table, String parameter, String unauthorised, String notThere) {}

    protected IsolationChecks(Api api) {
        this.api = api;
    }

    /** The API's client with that key; null sends none. */
    protected abstract ApiClient client(@Nullable String key);

    /** The callers who are nobody here. */
    protected Set<Caller> nobodies() {
        return Caller.NOBODIES;
    }

    /**
     * The value of a further parameter of a path or a body: of something that is there, in the target's organisation when
     * that is there itself.
     */
    protected String part(String name, Target target, World world) {
        throw new IllegalArgumentException(name);
    }

    /** Puts into a newly planted world what the calls need to find there. */
    protected void furnish(World world) {}

    @BeforeAll
    void furnishWhatStaysUnchanged() {
        unchanged.bothWays().forEach(this::furnish);
    }

    /** The challenge of an answer, without what differs from answer to answer. */
    protected String challenge(Answer answer) {
        return answer.header("WWW-Authenticate").replaceFirst("nonce=\"[0-9a-f]+\"", "");
    }

    protected Stream<Row> rows() {
        return api.table().rows().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void callersReachWhatTheTableSays(Row row) {
        for (var caller : row.callers()) {
            for (var world : world(row, caller).bothWays()) {
                var client = client(caller.in(world));
                for (var target : targets(row)) {
                    var answer = send(client, row, target.in(world), parts(target, world));
                    assertAnswer(answer, row.expected(caller, target), caller + " " + row + " " + target);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nobodies")
    void unauthenticatedCallersReachNothing(Caller caller) {
        for (var world : unchanged.bothWays()) {
            var client = client(caller.in(world));
            rows().forEach(row -> {
                for (var target : targets(row)) {
                    var answer = send(client, row, target.in(world), parts(target, world));
                    assertAnswer(answer, 401, row + " " + target);
                }
            });
        }
    }

    @Test
    void rowsThatLetSomebodyAreTheCallsThereAre() {
        var prefix = client(null).prefix();

        assertThat(rows().filter(row -> row.callers().stream().anyMatch(row::lets))
                        .map(Row::route))
                .hasSameElementsAs(api.routes().all().stream()
                        .map(route -> written(route, prefix))
                        .toList());
    }

    @Test
    void answersDoNotTellWhyAnOrganisationIsNotThere() {
        for (var world : unchanged.bothWays()) {
            var client = client(Caller.PARTNER.in(world));
            for (var target : Target.values()) {
                var id = target.in(world);
                rows().filter(row -> isAboutOne(row) && row.expected(Caller.PARTNER, target) == 404)
                        .forEach(row -> {
                            var answer = send(client, row, id, parts(target, world));

                            assertThat(said(answer).replace(id, "<id>"))
                                    .as("%s %s", row, target)
                                    .isEqualTo(api.notThere());
                        });
            }
        }
    }

    @Test
    void answersDoNotSayWhyACallerIsUnknown() {
        var row = rows().filter(this::isAboutOne).findFirst().orElseThrow();
        var answers = callers(row).stream()
                .filter(caller -> expected(row, caller, Target.CHILD) == 401)
                .map(caller -> send(
                        client(caller.in(unchanged)), row, Target.CHILD.in(unchanged), parts(Target.CHILD, unchanged)))
                .map(answer -> answer.status() + challenge(answer) + said(answer))
                .collect(Collectors.toSet());

        assertThat(answers).hasSize(1);
    }

    @Test
    void refusedWritesChangeNothing() {
        for (var world : World.plant().bothWays()) {
            // Given
            var writes = rows().filter(Row::writes).toList();
            var clients = callers(writes.get(0)).stream()
                    .collect(Collectors.toMap(Function.identity(), caller -> client(caller.in(world))));
            writes.forEach(row -> targets(row).forEach(target -> make(row, parts(target, world))));
            var before = Stored.tree(world.parentId());

            // When
            clients.forEach((caller, client) -> writes.forEach(row -> targets(row).stream()
                    .filter(target -> expected(row, caller, target) >= 400)
                    .forEach(target -> send(client, row, target.in(world), parts(target, world)))));

            // Then
            assertThat(Stored.tree(world.parentId())).isEqualTo(before);
        }
    }

    /** The answer to the row's call about that organisation, with those further parameters. */
    protected Answer send(ApiClient client, Row row, String organisation, UnaryOperator<String> parts) {
        var path = filled(row.path().replace("{" + api.parameter() + "}", organisation), parts);
        var body = row.body() == null ? null : filled(Http.text(row.body()), parts);
        return client.call(row.method(), path, body, row.header());
    }

    /** Gives further parameters by their names; each is made when it is first asked for. */
    protected UnaryOperator<String> parts(Target target, World world) {
        return name -> made.computeIfAbsent(List.of(world, target, name), key -> part(name, target, world));
    }

    private void make(Row row, UnaryOperator<String> parts) {
        var unused = filled(row.path().replace("{" + api.parameter() + "}", "") + Http.text(row.body()), parts);
    }

    private static String filled(String text, UnaryOperator<String> parts) {
        return PART.matcher(text).replaceAll(part -> parts.apply(part.group(1)));
    }

    /** A world that earlier calls left as it was planted: a new one for what changes it. */
    private World world(Row row, Caller caller) {
        if (!row.writes() || !row.lets(caller)) {
            return unchanged;
        }
        var planted = World.plant();
        planted.bothWays().forEach(this::furnish);
        return planted;
    }

    /** A call that is about no single organisation is made once. */
    private Set<Target> targets(Row row) {
        return isAboutOne(row) ? EnumSet.allOf(Target.class) : EnumSet.of(Target.OWN);
    }

    private boolean isAboutOne(Row row) {
        return row.names(api.parameter());
    }

    private List<Caller> callers(Row row) {
        return Stream.concat(row.callers().stream(), nobodies().stream()).toList();
    }

    private int expected(Row row, Caller caller, Target target) {
        return nobodies().contains(caller) ? 401 : row.expected(caller, target);
    }

    private void assertAnswer(Answer answer, int expected, String call) {
        assertThat(answer.status()).as("%s: %s", call, answer.body()).isEqualTo(expected);
        if (expected == 401) {
            assertThat(said(answer)).as(call).isEqualTo(api.unauthorised());
        }
    }

    private static String said(Answer answer) {
        return answer.body().replace(answer.header("X-Request-Id"), "<request id>");
    }

    private static String written(Route route, String prefix) {
        var path = "/" + String.join("/", route.template());
        return (route.method() + " " + path.substring(prefix.length())).strip();
    }
}
