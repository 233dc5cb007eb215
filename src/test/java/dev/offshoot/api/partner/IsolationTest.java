package dev.offshoot.api.partner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ApiClient;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.isolation.Caller;
import dev.offshoot.testing.isolation.IsolationChecks;
import dev.offshoot.testing.isolation.IsolationTable;
import dev.offshoot.testing.isolation.Target;
import dev.offshoot.testing.isolation.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who reaches what of the Partner API. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class IsolationTest extends IsolationChecks {
    private static final String EXTERNAL_ID = "customer-1";
    private static final String NOBODY = "0123456789abcdef01234567";
    private static final Map<String, Object> NEW_KEY = Map.of("name", "New", "roles", List.of("standard"));

    private static final IsolationTable TABLE = IsolationTable.of(
            """
            call                                                                                | PARTNER             | ORG_OWNER | ORG_READ_ONLY | GATEWAY | STANDARD | CHILDS_STANDARD
            GET /organisations/{organisation_id}                                                | 404 200 200 404 404 | 401       | 401           | 401     | 401      | 401
            GET /organisations/{organisation_id}?include_deleted=true                           | 404 200 200 200 404 | 401       | 401           | 401     | 401      | 401
            GET /organisations/{organisation_id}/usage?usage_month=2026-04                      | 404 200 200 404 404 | 401       | 401           | 401     | 401      | 401
            GET /organisations/{organisation_id}/usage?usage_month=2026-04&include_deleted=true | 404 200 200 200 404 | 401       | 401           | 401     | 401      | 401
            GET /organisations/{organisation_id}/usage?usage_month=2026-04&scope=subtree&breakdown=daily | 404 200 200 404 404 | 401 | 401 | 401 | 401 | 401
            GET /organisations/{organisation_id}/usage?usage_month=2026-04&breakdown=children&include_deleted=true | 404 200 200 200 404 | 401 | 401 | 401 | 401 | 401
            PATCH /organisations/{organisation_id}                                              | 404 200 200 404 404 | 401       | 401           | 401     | 401      | 401
            DELETE /organisations/{organisation_id}                                             | 404 200 200 404 404 | 401       | 401           | 401     | 401      | 401
            GET /organisations/{organisation_id} If-None-Match: *                               | 404 304 304 404 404 | 401       | 401           | 401     | 401      | 401
            GET /organisations/{organisation_id}?include_deleted=true If-None-Match: *          | 404 304 304 304 404 | 401       | 401           | 401     | 401      | 401
            PATCH /organisations/{organisation_id} If-Match: "another"                          | 404 412 412 404 404 | 401       | 401           | 401     | 401      | 401
            DELETE /organisations/{organisation_id} If-Match: "another"                         | 404 412 412 404 404 | 401       | 401           | 401     | 401      | 401
            GET /organisations/{organisation_id}/api-keys | 404 200 200 404 404 | 401 | 401 | 401 | 401 | 401
            POST /organisations/{organisation_id}/api-keys | 404 200 200 404 404 | 401 | 401 | 401 | 401 | 401
            GET /organisations/{organisation_id}/api-keys/{key_id} | 404 200 200 404 404 | 401 | 401 | 401 | 401 | 401
            PATCH /organisations/{organisation_id}/api-keys/{key_id} | 404 200 200 404 404 | 401 | 401 | 401 | 401 | 401
            POST /organisations/{organisation_id}/api-keys/{key_id}/rotate | 404 200 200 404 404 | 401 | 401 | 401 | 401 | 401
            DELETE /organisations/{organisation_id}/api-keys/{key_id} | 404 200 200 404 404 | 401 | 401 | 401 | 401 | 401
            GET /organisations/by-external-id/{partner_external_id} | 200 | 401 | 401 | 401 | 401 | 401
            PUT /organisations/by-external-id/{partner_external_id} | 200 | 401 | 401 | 401 | 401 | 401
            GET /organisations/{organisation_id}/limits | 404 200 200 404 404 | 401 | 401 | 401 | 401 | 401
            PUT /organisations/{organisation_id}/limits | 404 200 200 404 404 | 401 | 401 | 401 | 401 | 401
            DELETE /organisations/{organisation_id}/limits | 404 200 200 404 404 | 401 | 401 | 401 | 401 | 401
            GET /api-keys                  | 200 | 200 | 401 | 401 | 401 | 401
            GET /api-keys?scope=subtree    | 200 | 200 | 401 | 401 | 401 | 401
            POST /api-keys                 | 200 | 200 | 401 | 401 | 401 | 401
            GET /api-keys/{key_id}         | 200 | 200 | 401 | 401 | 401 | 401
            PATCH /api-keys/{key_id}       | 200 | 200 | 401 | 401 | 401 | 401
            POST /api-keys/{key_id}/rotate | 200 | 200 | 401 | 401 | 401 | 401
            DELETE /api-keys/{key_id}      | 200 | 200 | 401 | 401 | 401 | 401
            POST /api-keys/verify          | 200 | 401 | 401 | 200 | 401 | 401
            POST /api-keys/revoke          | 200 | 200 | 401 | 401 | 401 | 401
            GET /organisations                                                                  | 200                 | 401       | 401           | 401     | 401      | 401
            POST /organisations                                                                 | 200                 | 401       | 401           | 401     | 401      | 401
            GET /usage?usage_month=2026-04                                                      | 200                 | 200       | 401           | 401     | 401      | 401
            GET /usage?usage_month=2026-04&scope=subtree                                        | 200                 | 200       | 401           | 401     | 401      | 401
            POST /usage-records                                                                 | 200                 | 401       | 401           | 200     | 200      | 200
            """,
            Map.ofEntries(
                    Map.entry("PATCH /organisations/{organisation_id}", Map.of("organisation_name", "Renamed")),
                    Map.entry("POST /organisations", PartnerClient.body("New")),
                    Map.entry("PUT /organisations/by-external-id/{partner_external_id}", PartnerClient.body("New")),
                    Map.entry("POST /usage-records", report(NOBODY)),
                    Map.entry("POST /organisations/{organisation_id}/api-keys", NEW_KEY),
                    Map.entry("PATCH /organisations/{organisation_id}/api-keys/{key_id}", Map.of("name", "Renamed")),
                    Map.entry("POST /organisations/{organisation_id}/api-keys/{key_id}/rotate", Map.of()),
                    Map.entry("PUT /organisations/{organisation_id}/limits", Map.of("requests_per_second", 1000)),
                    Map.entry("POST /api-keys", NEW_KEY),
                    Map.entry("PATCH /api-keys/{key_id}", Map.of("name", "Renamed")),
                    Map.entry("POST /api-keys/{key_id}/rotate", Map.of()),
                    Map.entry("POST /api-keys/verify", Map.of("api_key", "none")),
                    Map.entry("POST /api-keys/revoke", Map.of("organisation_id", "{child}"))));

    private static final String UNAUTHORISED =
            "{\"success\":false,\"identifier\":\"unauthorised\",\"error\":{\"code\":\"unauthorised\","
                    + "\"message\":\"A valid partner API key is required.\",\"request_id\":\"<request id>\"}}";

    private static final String NOT_THERE =
            "{\"success\":false,\"identifier\":\"organisation_not_found\",\"error\":{\"code\":\"organisation_not_found\","
                    + "\"message\":\"There is no such organisation.\",\"request_id\":\"<request id>\"}}";

    IsolationTest() {
        super(new Api(PartnerRoutes.ALL, TABLE, "organisation_id", UNAUTHORISED, NOT_THERE));
    }

    @Override
    protected ApiClient client(@Nullable String key) {
        return PartnerClient.with(key);
    }

    /** A key; for what is not there, one of the world's parent. A call about no organisation is about the caller's own. */
    @Override
    protected String part(String name, Target target, World world) {
        if (name.equals("child")) {
            return world.caller().child().id();
        }
        if (name.equals("partner_external_id")) {
            return EXTERNAL_ID;
        }
        var org = target.isThere() ? target.in(world) : world.parentId();
        return PartnerClient.root().mint(PartnerClient.keysOf(org), "standard").id();
    }

    @Override
    protected void furnish(World world) {
        var tree = world.caller();
        tree.client().update(tree.child().id(), Map.of("partner_external_id", EXTERNAL_ID));
    }

    @Test
    void externalIdIsThatOfOnesOwnChildOnly() {
        for (var way : List.of(0, 1)) {
            // Given
            var world = World.plant().bothWays().get(way);
            var own = world.caller();
            var other = world.sibling();
            name(own.client(), own.child(), "same");
            name(other.client(), other.child(), "same");
            name(other.client(), other.subPartner(), "other's");
            name(PartnerClient.of(own.subPartner()), own.grandchild(), "grandchild's");
            var before = Stored.tree(other.id());

            for (var foreign : List.of("other's", "grandchild's")) {
                var missing = own.client().send("GET", PartnerClient.byExternalId(foreign));
                assertThat(missing.body().replace(missing.header("X-Request-Id"), "<request id>"))
                        .isEqualTo(NOT_THERE);
                var unchanged = Map.of("If-None-Match", "*");
                assertThat(own.client()
                                .call("GET", PartnerClient.byExternalId(foreign), null, unchanged)
                                .status())
                        .isEqualTo(404);

                // When
                var created = PartnerClient.created(own.client().put(foreign, PartnerClient.body("New")));

                // Then
                assertThat(own.client().getByExternalId(foreign)).isEqualTo(created.organisation());
            }
            assertThat(own.client().getByExternalId("same").id())
                    .isEqualTo(own.child().id());
            assertThat(PartnerClient.found(own.client().put("same", PartnerClient.body("New")))
                            .id())
                    .isEqualTo(own.child().id());
            assertThat(Stored.tree(other.id())).isEqualTo(before);
        }
    }

    private static void name(PartnerClient partner, Created child, String externalId) {
        partner.update(child.id(), Map.of("partner_external_id", externalId));
    }

    @Test
    void keyOfAnotherOrganisationIsNotReachedThroughOnesOwn() {
        for (var world : World.plant().bothWays()) {
            var client = client(Caller.PARTNER.in(world));
            for (var owner : List.of(Target.PARENT, Target.SIBLING, Target.SIBLINGS_CHILD, Target.GRANDCHILD)) {
                var parts = parts(owner, world);
                rows().filter(row -> row.names("key_id")).forEach(row -> assertThat(
                                PartnerClient.error(send(client, row, Target.CHILD.in(world), parts), 404)
                                        .code())
                        .as("%s of %s", row, owner)
                        .isEqualTo("api_key_not_found"));
            }
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
    void listByWhatAForeignOrganisationIsCalledIsEmpty() {
        for (var world : World.plant().bothWays()) {
            var parent = PartnerClient.root().get(world.parentId());
            var sibling = world.sibling();
            for (var foreign : List.of(
                    parent,
                    sibling.partner().organisation(),
                    sibling.child().organisation(),
                    sibling.grandchild().organisation(),
                    sibling.deleted().organisation(),
                    world.caller().partner().organisation())) {
                for (var wanted : List.of(
                        "organisation_key=" + foreign.key(),
                        "organisation_name=" + URLEncoder.encode(foreign.name(), StandardCharsets.UTF_8))) {
                    for (var scope : List.of("", "&scope=subtree", "&scope=subtree&include_deleted=true")) {
                        var page = world.caller().client().list("?" + wanted + scope);
                        assertThat(page.ids()).as(wanted + scope).isEmpty();
                        assertThat(page.total()).isZero();
                    }
                }
            }
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
            caller          | OWN      | CHILD    | GRANDCHILD | DELETED  | ELSEWHERE
            PARTNER         | recorded | recorded | recorded   | recorded | rejected
            GATEWAY         | recorded | recorded | recorded   | recorded | rejected
            STANDARD        | recorded | rejected | rejected   | rejected | rejected
            CHILDS_STANDARD | rejected | recorded | rejected   | rejected | rejected
            """)
    void usageIsReportedForOnesOwnOnlyAndTheRefusalDoesNotTellWhy(ArgumentsAccessor row) {
        for (var world : World.plant().bothWays()) {
            var client = client(Caller.valueOf(cell(row, 0)).in(world));
            for (var target : Target.values()) {
                var result = client.send("POST", "/usage-records", report(target.in(world)))
                        .json()
                        .at("/data/results/0");

                var expected = cell(row, 1 + target.place().ordinal());
                assertThat(result.get("outcome").textValue())
                        .as("%s: %s", target, result)
                        .isEqualTo(expected);
                assertThat(result.path("message").asText())
                        .isEqualTo(expected.equals("rejected") ? "There is no such organisation." : "");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PARTNER", "ORG_OWNER"})
    void usageOfATreeHoldsOnesOwnOnly(Caller caller) {
        var bothWays = World.plant().bothWays();
        for (var world : bothWays) {
            for (var target : Target.values()) {
                client(Caller.PARTNER.in(world)).send("POST", "/usage-records", report(target.in(world)));
            }
        }
        for (var world : bothWays) {
            var month = YearMonth.now(ZoneOffset.UTC);
            var usage = client(caller.in(world))
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
    private static Map<String, Object> report(String organisation) {
        var record = Map.of(
                "id",
                UUID.randomUUID().toString(),
                "organisation_id",
                organisation,
                "day",
                LocalDate.now(ZoneOffset.UTC).toString(),
                "api_requests",
                1);
        return Map.of("records", List.of(record));
    }

    private static String cell(ArgumentsAccessor row, int column) {
        return Objects.requireNonNull(row.getString(column));
    }
}
