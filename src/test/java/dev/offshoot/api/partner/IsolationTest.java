package dev.offshoot.api.partner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.api.Route;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerTree;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who reaches what: every call, with every credential, at every target, for two partners in both roles. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class IsolationTest {

    /** Two partners beneath one parent: each is the caller once, and the other one's neighbour once. */
    private record World(PartnerTree caller, PartnerTree sibling, String parentId) {
        static World plant() {
            var parent = PartnerClient.root().createPartner("Parent");
            var client = PartnerClient.of(parent);
            return new World(PartnerTree.beneath(client, "A"), PartnerTree.beneath(client, "B"), parent.id());
        }

        List<World> bothWays() {
            return List.of(this, new World(sibling, caller, parentId));
        }
    }

    /** What the caller presents. */
    private enum Credential {
        PARTNER_KEY(world -> world.caller().key()),
        STANDARD_KEY(world -> world.caller().partner().apiKey()),
        CHILDS_STANDARD_KEY(world -> world.caller().child().apiKey()),
        REVOKED_KEY(world -> with(world, "revoked_at", date(Instant.now()))),
        EXPIRED_KEY(world -> with(world, "expires_at", date(Instant.now().minusSeconds(1)))),
        ORG_OWNER_KEY(world -> with(world, "roles", List.of("ORG_OWNER"))),
        ORG_READ_ONLY_KEY(world -> with(world, "roles", List.of("ORG_READ_ONLY"))),
        GATEWAY_KEY(world -> with(world, "roles", List.of("GATEWAY"))),
        WRONG_SECRET(world -> with(world, "digest", new Binary(new byte[32]))),
        DELETED_PARTNERS_KEY(Credential::keyOfDeletedPartner),
        KEY_BENEATH_DELETED(Credential::keyBeneathDeleted),
        NO_KEY(world -> null),
        MALFORMED_KEY(world -> "not-a-key"),
        MISTYPED_KEY(world -> mistyped(world.caller().key())),
        UNKNOWN_KEY(world -> KeySecret.mint().reveal());

        private final Function<World, @Nullable String> key;

        Credential(Function<World, @Nullable String> key) {
            this.key = key;
        }

        PartnerClient in(World world) {
            return PartnerClient.with(key.apply(world));
        }

        private static String with(World world, String field, Object value) {
            return Stored.otherKey(world.caller().key(), Map.of(field, value));
        }

        private static @Nullable String keyOfDeletedPartner(World world) {
            var partner = world.caller().client().createPartner("To be deleted");
            world.caller().client().delete(partner.id());
            return partner.partnerKey();
        }

        /** Its partner's partner is deleted, and the cascade has not come down to it. */
        private static @Nullable String keyBeneathDeleted(World world) {
            var upper = world.caller().client().createPartner("Upper");
            var lower = PartnerClient.of(upper).createPartner("Lower");
            Stored.deleteWithoutCascade(upper.id());
            return lower.partnerKey();
        }

        private static String mistyped(String key) {
            var last = key.charAt(key.length() - 1);
            return key.substring(0, key.length() - 1) + (last == 'x' ? 'y' : 'x');
        }

        private static Date date(Instant instant) {
            return Date.from(instant);
        }
    }

    /** What the call is aimed at. */
    private enum Target {
        CHILD(world -> world.caller().child().id()),
        GRANDCHILD(world -> world.caller().grandchild().id()),
        CALLER(world -> world.caller().id()),
        PARENT(World::parentId),
        SIBLING(world -> world.sibling().id()),
        SIBLINGS_CHILD(world -> world.sibling().subPartner().id()),
        DELETED(world -> world.caller().deleted().id()),
        UNKNOWN(world -> new ObjectId().toHexString()),
        MALFORMED(world -> "not-an-id"),
        UPPER_CASE(world -> world.caller().subPartner().id().toUpperCase(Locale.ROOT));

        private final Function<World, String> id;

        Target(Function<World, String> id) {
            this.id = id;
        }

        String in(World world) {
            return id.apply(world);
        }
    }

    /** A call about one organisation. Their order is such that the last one may spoil the targets. */
    private enum Call {
        GET("GET", ""),
        GET_EVEN_DELETED("GET", "?include_deleted=true"),
        USAGE("GET", "/usage?usage_month=2026-04"),
        USAGE_EVEN_DELETED("GET", "/usage?usage_month=2026-04&include_deleted=true"),
        USAGE_OF_SUBTREE("GET", "/usage?usage_month=2026-04&scope=subtree&breakdown=daily"),
        USAGE_OF_CHILDREN("GET", "/usage?usage_month=2026-04&breakdown=children&include_deleted=true"),
        UPDATE("PATCH", ""),
        DELETE("DELETE", "");

        private final String method;
        private final String suffix;

        Call(String method, String suffix) {
            this.method = method;
            this.suffix = suffix;
        }

        Answer send(PartnerClient client, String id) {
            var path = "/organisations/" + id + suffix;
            return method.equals("PATCH")
                    ? client.send(method, path, Map.of("organisation_name", "Renamed"))
                    : client.send(method, path);
        }

        String route() {
            return method + " /organisations/{organisation_id}" + suffix.replaceFirst("\\?.*", "");
        }
    }

    /** A call that is about no single organisation. */
    private enum OwnCall {
        LIST("GET /organisations", client -> client.send("GET", "/organisations")),
        CREATE("POST /organisations", client -> client.send("POST", "/organisations", PartnerClient.body("New"))),
        OWN_USAGE("GET /usage", client -> client.send("GET", "/usage?usage_month=2026-04")),
        OWN_SUBTREE("GET /usage", client -> client.send("GET", "/usage?usage_month=2026-04&scope=subtree")),
        REPORT("POST /usage-records", client -> report(client, new ObjectId().toHexString()));

        private final String route;
        private final Function<PartnerClient, Answer> call;

        OwnCall(String route, Function<PartnerClient, Answer> call) {
            this.route = route;
            this.call = call;
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            call               | CHILD | GRANDCHILD | CALLER | PARENT | SIBLING | SIBLINGS_CHILD | DELETED | UNKNOWN | MALFORMED | UPPER_CASE
            GET                | 200   | 200        | 404    | 404    | 404     | 404            | 404     | 404     | 404       | 404
            GET_EVEN_DELETED   | 200   | 200        | 404    | 404    | 404     | 404            | 200     | 404     | 404       | 404
            USAGE              | 200   | 200        | 404    | 404    | 404     | 404            | 404     | 404     | 404       | 404
            USAGE_EVEN_DELETED | 200   | 200        | 404    | 404    | 404     | 404            | 200     | 404     | 404       | 404
            USAGE_OF_SUBTREE   | 200   | 200        | 404    | 404    | 404     | 404            | 404     | 404     | 404       | 404
            USAGE_OF_CHILDREN  | 200   | 200        | 404    | 404    | 404     | 404            | 200     | 404     | 404       | 404
            UPDATE             | 200   | 200        | 404    | 404    | 404     | 404            | 404     | 404     | 404       | 404
            DELETE             | 200   | 200        | 404    | 404    | 404     | 404            | 404     | 404     | 404       | 404
            """)
    void partnerReachesWhatLiesBeneathItAndNothingElse(ArgumentsAccessor row) {
        var call = Call.valueOf(cell(row, 0));
        for (var world : World.plant().bothWays()) {
            for (var target : Target.values()) {
                var answer = call.send(Credential.PARTNER_KEY.in(world), target.in(world));

                assertThat(answer.status())
                        .as("%s %s: %s", call, target, answer.body())
                        .isEqualTo(Integer.parseInt(cell(row, 1 + target.ordinal())));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PARTNER_KEY")
    void whoeverHoldsNoPartnerKeyReachesNothing(Credential credential) {
        for (var world : World.plant().bothWays()) {
            var client = credential.in(world);
            for (var call : Call.values()) {
                for (var target : Target.values()) {
                    var answer = call.send(client, target.in(world));

                    assertThat(answer.status())
                            .as("%s %s: %s", call, target, answer.body())
                            .isEqualTo(401);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            credential           | LIST | CREATE | OWN_USAGE | OWN_SUBTREE | REPORT
            PARTNER_KEY          | 200  | 200    | 200       | 200         | 200
            STANDARD_KEY         | 401  | 401    | 401       | 401         | 200
            CHILDS_STANDARD_KEY  | 401  | 401    | 401       | 401         | 200
            REVOKED_KEY          | 401  | 401    | 401       | 401         | 401
            EXPIRED_KEY          | 401  | 401    | 401       | 401         | 401
            ORG_OWNER_KEY        | 401  | 401    | 200       | 200         | 401
            ORG_READ_ONLY_KEY    | 401  | 401    | 401       | 401         | 401
            GATEWAY_KEY          | 401  | 401    | 401       | 401         | 200
            WRONG_SECRET         | 401  | 401    | 401       | 401         | 401
            DELETED_PARTNERS_KEY | 401  | 401    | 401       | 401         | 401
            KEY_BENEATH_DELETED  | 401  | 401    | 401       | 401         | 401
            NO_KEY               | 401  | 401    | 401       | 401         | 401
            MALFORMED_KEY        | 401  | 401    | 401       | 401         | 401
            MISTYPED_KEY         | 401  | 401    | 401       | 401         | 401
            UNKNOWN_KEY          | 401  | 401    | 401       | 401         | 401
            """)
    void callsAboutOnesOwnTakeTheRolesOfTheTable(ArgumentsAccessor row) {
        var client = Credential.valueOf(cell(row, 0)).in(World.plant());
        for (var call : OwnCall.values()) {
            var answer = call.call.apply(client);

            assertThat(answer.status())
                    .as("%s: %s", call, answer.body())
                    .isEqualTo(Integer.parseInt(cell(row, 1 + call.ordinal())));
        }
    }

    @Test
    void tablesHaveEveryCallThereIs() {
        var inTables = Stream.concat(
                Arrays.stream(Call.values()).map(Call::route),
                Arrays.stream(OwnCall.values()).map(call -> call.route));

        assertThat(inTables.collect(Collectors.toSet()))
                .isEqualTo(PartnerRoutes.ALL.all().stream()
                        .map(IsolationTest::written)
                        .collect(Collectors.toSet()));
    }

    @Test
    void answersDoNotTellWhyAnOrganisationIsNotThere() {
        // Given
        var bodies = new HashSet<String>();

        // When
        for (var world : World.plant().bothWays()) {
            for (var call : List.of(Call.GET, Call.USAGE, Call.UPDATE, Call.DELETE)) {
                for (var target : missing()) {
                    var answer = call.send(Credential.PARTNER_KEY.in(world), target.in(world));
                    var refusal = PartnerClient.refusal(answer, 404);
                    bodies.add(answer.body().replace(refusal.requestId(), "<request id>"));
                }
            }
        }

        // Then
        assertThat(bodies)
                .containsExactly(
                        "{\"success\":false,\"identifier\":\"organisation_not_found\",\"error\":{\"code\":\"organisation_not_found\","
                                + "\"message\":\"There is no such organisation.\",\"request_id\":\"<request id>\"}}");
    }

    @Test
    void answersDoNotTellWhyAKeyIsRefused() {
        var world = World.plant();
        var bodies = new HashSet<String>();
        for (var credential : Credential.values()) {
            if (credential != Credential.PARTNER_KEY) {
                var answer = Call.GET.send(credential.in(world), Target.CHILD.in(world));
                var refusal = PartnerClient.refusal(answer, 401);
                bodies.add(answer.body().replace(refusal.requestId(), "<request id>"));
            }
        }

        assertThat(bodies).hasSize(1);
    }

    @Test
    void refusedWritesChangeNothing() {
        for (var world : World.plant().bothWays()) {
            // Given
            var credentials =
                    Arrays.stream(Credential.values()).collect(Collectors.toMap(each -> each, each -> each.in(world)));
            var before = Stored.tree(world.parentId());

            // When
            credentials.forEach((credential, client) -> {
                for (var call : List.of(Call.UPDATE, Call.DELETE)) {
                    targetsOfNo(credential).forEach(target -> call.send(client, target.in(world)));
                }
            });

            // Then
            assertThat(Stored.tree(world.parentId())).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ?limit=100                                     | CHILD, SUB_PARTNER
            ?limit=100&scope=subtree                       | CHILD, SUB_PARTNER, GRANDCHILD
            ?limit=100&include_deleted=true                | CHILD, SUB_PARTNER, DELETED
            ?limit=100&include_deleted=true&scope=subtree  | CHILD, SUB_PARTNER, GRANDCHILD, DELETED
            """)
    void listsHoldOnesOwnOnly(String query, String expected) {
        for (var world : World.plant().bothWays()) {
            var tree = world.caller();
            var ids = Map.of(
                    "CHILD", tree.child().id(),
                    "SUB_PARTNER", tree.subPartner().id(),
                    "GRANDCHILD", tree.grandchild().id(),
                    "DELETED", tree.deleted().id());

            var page = tree.client().list(query);

            assertThat(page.ids())
                    .containsExactlyInAnyOrderElementsOf(
                            Arrays.stream(expected.split(", ")).map(ids::get).toList());
            assertThat(page.total()).isEqualTo(page.ids().size());
        }
    }

    @Test
    void listBehindAForeignOrganisationHoldsOnesOwnOnly() {
        for (var world : World.plant().bothWays()) {
            var own = Set.of(
                    world.caller().child().id(), world.caller().subPartner().id());
            var behindAll = new ArrayList<String>();
            for (var target : List.of(Target.PARENT, Target.SIBLING, Target.SIBLINGS_CHILD)) {
                behindAll.addAll(world.caller()
                        .client()
                        .list("?after=" + target.in(world))
                        .ids());
            }

            assertThat(own).containsAll(behindAll);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            credential          | CHILD    | GRANDCHILD | CALLER   | PARENT   | SIBLING  | SIBLINGS_CHILD | DELETED  | UNKNOWN  | MALFORMED | UPPER_CASE
            PARTNER_KEY         | recorded | recorded   | recorded | rejected | rejected | rejected       | recorded | rejected | rejected  | rejected
            GATEWAY_KEY         | recorded | recorded   | recorded | rejected | rejected | rejected       | recorded | rejected | rejected  | rejected
            STANDARD_KEY        | rejected | rejected   | recorded | rejected | rejected | rejected       | rejected | rejected | rejected  | rejected
            CHILDS_STANDARD_KEY | recorded | rejected   | rejected | rejected | rejected | rejected       | rejected | rejected | rejected  | rejected
            """)
    void usageIsReportedForOnesOwnOnlyAndTheRefusalDoesNotTellWhy(ArgumentsAccessor row) {
        for (var world : World.plant().bothWays()) {
            var client = Credential.valueOf(cell(row, 0)).in(world);
            for (var target : Target.values()) {
                var result = report(client, target.in(world)).json().at("/data/results/0");

                var expected = cell(row, 1 + target.ordinal());
                assertThat(result.get("outcome").textValue())
                        .as("%s: %s", target, result)
                        .isEqualTo(expected);
                assertThat(result.path("message").asText())
                        .isEqualTo(expected.equals("rejected") ? "There is no such organisation." : "");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PARTNER_KEY", "ORG_OWNER_KEY"})
    void usageOfATreeHoldsOnesOwnOnly(Credential credential) {
        var bothWays = World.plant().bothWays();
        for (var world : bothWays) {
            for (var target : Target.values()) {
                report(Credential.PARTNER_KEY.in(world), target.in(world));
            }
        }
        for (var world : bothWays) {
            var month = YearMonth.now(ZoneOffset.UTC);
            var usage = credential
                    .in(world)
                    .send("GET", "/usage?breakdown=children&usage_month=" + month)
                    .json()
                    .at("/data/usage");

            // One record each for itself, its child, its deleted child, and its partner's child.
            var tree = world.caller();
            assertThat(usage.at("/api_requests/total").longValue()).isEqualTo(4);
            assertThat(usage.get("children").findValuesAsText("organisation_id"))
                    .containsExactlyInAnyOrder(
                            tree.id(),
                            tree.child().id(),
                            tree.subPartner().id(),
                            tree.deleted().id())
                    .startsWith(tree.id());
        }
    }

    /** A report of one record for today, so that nobody is refused because of its month. */
    private static Answer report(PartnerClient client, String organisation) {
        var record = Map.of(
                "id",
                UUID.randomUUID().toString(),
                "organisation_id",
                organisation,
                "day",
                LocalDate.now(ZoneOffset.UTC).toString(),
                "api_requests",
                1);
        return client.send("POST", "/usage-records", Map.of("records", List.of(record)));
    }

    private static String cell(ArgumentsAccessor row, int column) {
        return Objects.requireNonNull(row.getString(column));
    }

    private static List<Target> missing() {
        return Arrays.stream(Target.values())
                .filter(target -> target != Target.CHILD && target != Target.GRANDCHILD)
                .toList();
    }

    /** The targets that a holder of that credential can change nothing of. */
    private static List<Target> targetsOfNo(Credential credential) {
        return credential == Credential.PARTNER_KEY ? missing() : List.of(Target.values());
    }

    private static String written(Route route) {
        return route.method() + " /" + String.join("/", route.template());
    }
}
