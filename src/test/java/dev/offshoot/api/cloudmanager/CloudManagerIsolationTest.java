package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.CloudManagerClient.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.api.Route;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerTree;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
class CloudManagerIsolationTest {
    private static final String ADDRESS = "192.0.2.1";

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
        PARTNER(world -> world.caller().key()),
        ORG_OWNER(world -> with(world, "roles", List.of("ORG_OWNER"))),
        ORG_READ_ONLY(world -> with(world, "roles", List.of("ORG_READ_ONLY"))),
        STANDARD(world -> world.caller().partner().apiKey()),
        GATEWAY(world -> with(world, "roles", List.of("GATEWAY"))),
        REVOKED(world -> with(world, "revoked_at", new Date())),
        EXPIRED(world -> with(world, "expires_at", Date.from(Instant.now().minusSeconds(1)))),
        OF_DELETED_ORGANISATION(Credential::keyOfDeletedPartner),
        BENEATH_DELETED(Credential::keyBeneathDeleted),
        UNSEALED(world -> Stored.keyWithout(world.caller().key(), "sealed_ha1")),
        WRONG_SECRET(world -> mistyped(world.caller().key())),
        UNKNOWN(world -> KeySecret.mint().reveal()),
        NONE(world -> null);

        private final Function<World, @Nullable String> key;

        Credential(Function<World, @Nullable String> key) {
            this.key = key;
        }

        CloudManagerClient in(World world) {
            return CloudManagerClient.with(key.apply(world));
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
    }

    /** What the call is aimed at. */
    private enum Target {
        OWN(world -> world.caller().id()),
        CHILD(world -> world.caller().child().id()),
        GRANDCHILD(world -> world.caller().grandchild().id()),
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

    /** A call about one organisation, and about a key of it where there is one that the world's parent can mint. */
    private enum Call {
        GET("GET /orgs/{orgId}", null),
        GROUPS("GET /orgs/{orgId}/groups", null),
        TEAMS("GET /orgs/{orgId}/teams", null),
        USERS("GET /orgs/{orgId}/users", null),
        INVITES("GET /orgs/{orgId}/invites", null),
        KEYS("GET /orgs/{orgId}/apiKeys", null),
        KEY("GET /orgs/{orgId}/apiKeys/{keyId}", null),
        LIST("GET /orgs/{orgId}/apiKeys/{keyId}/accessList", null),
        ENTRY("GET /orgs/{orgId}/apiKeys/{keyId}/accessList/{address}", null),
        ENTRY_BY_CIDR("GET /orgs/{orgId}/apiKeys/{keyId}/accessList/{address}/{bits}", null),
        RENAME("PATCH /orgs/{orgId}", Map.of("name", "Renamed")),
        MINT("POST /orgs/{orgId}/apiKeys", Map.of("desc", "New", "roles", List.of("ORG_OWNER"))),
        CHANGE("PATCH /orgs/{orgId}/apiKeys/{keyId}", Map.of("desc", "Changed")),
        ALLOW("POST /orgs/{orgId}/apiKeys/{keyId}/accessList", CloudManagerClient.entries("2001:db8::1")),
        DISALLOW("DELETE /orgs/{orgId}/apiKeys/{keyId}/accessList/{address}", null),
        DISALLOW_BY_CIDR("DELETE /orgs/{orgId}/apiKeys/{keyId}/accessList/{address}/{bits}", null),
        REVOKE("DELETE /orgs/{orgId}/apiKeys/{keyId}", null),
        DELETE("DELETE /orgs/{orgId}", null);

        private final String route;
        private final @Nullable Object body;

        Call(String route, @Nullable Object body) {
            this.route = route;
            this.body = body;
        }

        Answer send(CloudManagerClient client, String org, String key) {
            var method = route.substring(0, route.indexOf(' '));
            var path = route.substring(route.indexOf(' ') + 1)
                    .replace("{orgId}", org)
                    .replace("{keyId}", key)
                    .replace("{address}", ADDRESS)
                    .replace("{bits}", "32");
            return body == null ? client.send(method, path) : client.send(method, path, body);
        }

        boolean isAboutAKey() {
            return route.contains("{keyId}");
        }

        boolean writes() {
            return !route.startsWith("GET");
        }
    }

    /** A call that is about no single organisation. */
    private enum OwnCall {
        ROOT("GET ", client -> client.send("GET", "")),
        GROUPS("GET /groups", client -> client.send("GET", "/groups")),
        ORGS("GET /orgs", client -> client.send("GET", "/orgs")),
        CREATE("POST /orgs", client -> client.send("POST", "/orgs", Map.of("name", "New"))),
        UNKNOWN("", client -> client.send("GET", "/unknown")),
        WRONG_METHOD("", client -> client.send("PUT", "/orgs"));

        private final String route;
        private final Function<CloudManagerClient, Answer> call;

        OwnCall(String route, Function<CloudManagerClient, Answer> call) {
            this.route = route;
            this.call = call;
        }
    }

    /** In a cell, the status at the own organisation comes first, then those at the child and the grandchild. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            call             | PARTNER     | ORG_OWNER   | ORG_READ_ONLY
            GET              | 200 200 200 | 200 200 200 | 200 200 200
            GROUPS           | 200 200 200 | 200 200 200 | 200 200 200
            TEAMS            | 200 200 200 | 200 200 200 | 200 200 200
            USERS            | 200 200 200 | 200 200 200 | 200 200 200
            INVITES          | 200 200 200 | 200 200 200 | 200 200 200
            KEYS             | 200 200 200 | 200 200 200 | 200 200 200
            KEY              | 200 200 200 | 200 200 200 | 200 200 200
            LIST             | 200 200 200 | 200 200 200 | 200 200 200
            ENTRY            | 200 200 200 | 200 200 200 | 200 200 200
            ENTRY_BY_CIDR    | 200 200 200 | 200 200 200 | 200 200 200
            RENAME           | 200 200 200 | 200 200 200 | 403 403 403
            MINT             | 200 200 200 | 200 200 200 | 403 403 403
            CHANGE           | 200 200 200 | 200 200 200 | 403 403 403
            ALLOW            | 200 200 200 | 200 200 200 | 403 403 403
            DISALLOW         | 204 204 204 | 204 204 204 | 403 403 403
            DISALLOW_BY_CIDR | 204 204 204 | 204 204 204 | 403 403 403
            REVOKE           | 204 204 204 | 204 204 204 | 403 403 403
            DELETE           | 403 204 204 | 403 403 403 | 403 403 403
            """)
    void rolesReachOnesOwnOrganisationAndAllBeneathAndNothingElse(ArgumentsAccessor row) {
        var call = Call.valueOf(cell(row, 0));
        for (var credential : List.of(Credential.PARTNER, Credential.ORG_OWNER, Credential.ORG_READ_ONLY)) {
            var expected = cell(row, 1 + credential.ordinal()).split(" ");
            for (var world : World.plant().bothWays()) {
                var client = credential.in(world);
                var outside = expected[2].equals("403") ? 403 : 404;
                for (var target : Target.values()) {
                    var answer = call.send(client, target.in(world), keyAt(call, target, world));

                    assertThat(answer.status())
                            .as("%s %s %s: %s", credential, call, target, answer.body())
                            .isEqualTo(
                                    target.ordinal() < expected.length
                                            ? Integer.parseInt(expected[target.ordinal()])
                                            : outside);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PARTNER", "ORG_OWNER", "ORG_READ_ONLY"})
    void whoeverIsNoUserHereReachesNothing(Credential credential) {
        for (var world : World.plant().bothWays()) {
            var client = credential.in(world);
            var key = keyOf(Target.CHILD, world);
            for (var call : Call.values()) {
                for (var target : Target.values()) {
                    var answer = call.send(client, target.in(world), key);

                    assertThat(refusal(answer, 401).errorCode())
                            .as("%s %s", call, target)
                            .isEqualTo("NO_CURRENT_USER");
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            credential              | ROOT | GROUPS | ORGS | CREATE | UNKNOWN | WRONG_METHOD
            PARTNER                 | 200  | 200    | 200  | 200    | 404     | 405
            ORG_OWNER               | 200  | 200    | 200  | 403    | 404     | 405
            ORG_READ_ONLY           | 200  | 200    | 200  | 403    | 404     | 405
            STANDARD                | 401  | 401    | 401  | 401    | 401     | 401
            GATEWAY                 | 401  | 401    | 401  | 401    | 401     | 401
            REVOKED                 | 401  | 401    | 401  | 401    | 401     | 401
            EXPIRED                 | 401  | 401    | 401  | 401    | 401     | 401
            OF_DELETED_ORGANISATION | 401  | 401    | 401  | 401    | 401     | 401
            BENEATH_DELETED         | 401  | 401    | 401  | 401    | 401     | 401
            WRONG_SECRET            | 401  | 401    | 401  | 401    | 401     | 401
            UNKNOWN                 | 401  | 401    | 401  | 401    | 401     | 401
            NONE                    | 401  | 401    | 401  | 401    | 401     | 401
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
                        Arrays.stream(Call.values()).map(call -> call.route),
                        Arrays.stream(OwnCall.values()).map(call -> call.route).filter(route -> !route.isEmpty()))
                .collect(Collectors.toSet());

        assertThat(inTables)
                .isEqualTo(CloudManagerRoutes.ALL.all().stream()
                        .map(CloudManagerIsolationTest::written)
                        .collect(Collectors.toSet()));
    }

    @Test
    void answersDoNotTellWhyAnOrganisationIsNotThere() {
        for (var world : World.plant().bothWays()) {
            for (var call : List.of(Call.GET, Call.USERS, Call.KEYS, Call.KEY, Call.RENAME, Call.MINT, Call.DELETE)) {
                var bodies = new HashSet<String>();
                for (var target : missing()) {
                    var id = target.in(world);
                    var answer = call.send(Credential.PARTNER.in(world), id, keyOf(target, world));
                    assertThat(answer.status()).isEqualTo(404);
                    bodies.add(answer.body().replace(id, "<id>"));
                }
                assertThat(bodies)
                        .containsExactly("{\"detail\":\"No organization with ID <id> exists.\",\"error\":404,"
                                + "\"errorCode\":\"ORG_NOT_FOUND\",\"parameters\":[\"<id>\"],"
                                + "\"reason\":\"Not Found\"}");
            }
        }
    }

    @Test
    void answersDoNotTellWhyACredentialIsRefused() {
        var world = World.plant();
        var answers = new HashSet<String>();
        for (var credential : Credential.values()) {
            if (credential.ordinal() > Credential.ORG_READ_ONLY.ordinal()) {
                var answer = credential.in(world).send("GET", "/orgs/" + Target.CHILD.in(world));
                assertThat(answer.status()).as("%s", credential).isEqualTo(401);
                var challenge = answer.header("WWW-Authenticate").replaceFirst("nonce=\"[0-9a-f]+\"", "");
                answers.add(challenge + answer.body());
            }
        }

        assertThat(answers).hasSize(1);
    }

    @Test
    void refusedWritesChangeNothing() {
        for (var world : World.plant().bothWays()) {
            // Given
            var clients = Arrays.stream(Credential.values())
                    .collect(Collectors.toMap(Function.identity(), each -> each.in(world)));
            var keys = Arrays.stream(Target.values())
                    .collect(Collectors.toMap(Function.identity(), each -> keyOf(each, world)));
            var before = Stored.tree(world.parentId());

            // When
            clients.forEach((credential, client) -> {
                var mayWrite = credential == Credential.PARTNER || credential == Credential.ORG_OWNER;
                for (var target : mayWrite ? missing() : List.of(Target.values())) {
                    Arrays.stream(Call.values())
                            .filter(Call::writes)
                            .forEach(call ->
                                    call.send(client, target.in(world), Objects.requireNonNull(keys.get(target))));
                }
            });

            // Then
            assertThat(Stored.tree(world.parentId())).isEqualTo(before);
        }
    }

    @Test
    void keyOfAnotherOrganisationIsNotReachedThroughOnesOwn() {
        for (var world : World.plant().bothWays()) {
            var client = Credential.PARTNER.in(world);
            for (var owner : List.of(Target.PARENT, Target.SIBLING, Target.SIBLINGS_CHILD, Target.CHILD)) {
                var key = keyOf(owner, world);
                for (var call : Call.values()) {
                    if (call.isAboutAKey()) {
                        assertThat(refusal(call.send(client, Target.OWN.in(world), key), 404)
                                        .errorCode())
                                .as("%s of %s", call, owner)
                                .isEqualTo("API_KEY_NOT_FOUND");
                    }
                }
            }
        }
    }

    @Test
    void listsHoldOnesOwnOnly() {
        for (var world : World.plant().bothWays()) {
            var tree = world.caller();
            var live = List.of(
                    tree.id(),
                    tree.child().id(),
                    tree.subPartner().id(),
                    tree.grandchild().id());
            for (var credential : List.of(Credential.PARTNER, Credential.ORG_OWNER, Credential.ORG_READ_ONLY)) {
                var client = credential.in(world);

                assertThat(client.orgs("?itemsPerPage=500").results())
                        .extracting(CloudManagerClient.Org::id)
                        .containsExactlyInAnyOrderElementsOf(live);
                assertThat(client.orgs("?includeDeletedOrgs=true").results())
                        .extracting(CloudManagerClient.Org::id)
                        .contains(tree.deleted().id())
                        .hasSize(5);
                assertThat(client.orgs("?name=B's%20child").totalCount())
                        .isEqualTo(
                                world.caller().partner().organisation().name().equals("B") ? 1 : 0);
            }
        }
    }

    /** A key that is there at the target; for what is not there, one of the world's parent. */
    private static String keyAt(Call call, Target target, World world) {
        return call.isAboutAKey() ? keyOf(target, world) : "none";
    }

    private static String keyOf(Target target, World world) {
        var root = CloudManagerClient.of(PartnerClient.root());
        var org = target.ordinal() <= Target.SIBLINGS_CHILD.ordinal() ? target.in(world) : world.parentId();
        var key = root.mint(org, "For " + target, "ORG_OWNER").id();
        root.allow(org, key, ADDRESS);
        return key;
    }

    private static String cell(ArgumentsAccessor row, int column) {
        return Objects.requireNonNull(row.getString(column));
    }

    private static List<Target> missing() {
        return Arrays.stream(Target.values())
                .filter(target -> target.ordinal() > Target.GRANDCHILD.ordinal())
                .toList();
    }

    private static String written(Route route) {
        var base = CloudManagerRoutes.BASE.substring(1).split("/");
        var path = route.template().subList(base.length, route.template().size());
        return route.method() + " " + (path.isEmpty() ? "" : "/" + String.join("/", path));
    }
}
