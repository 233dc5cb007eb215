package dev.offshoot.runtime.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.offshoot.task.TaskQueue;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.Commands;
import dev.offshoot.testing.Guests;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.ManyMembers;
import dev.offshoot.testing.ManyOrganisations;
import dev.offshoot.testing.ManyUsages;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.TestDatabase;
import io.quarkus.arc.Arc;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which index answers each query that grows with the installation, as the database explains the commands that the service
 * sent.
 */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class QueryPlansTest {
    /** So many that no database prefers to read all of them. */
    private static final int MANY = 2000;

    private static final int GUESTS = 500;
    private static final String EXTERNAL_ID = "customer-1";
    private static final String EXTERNAL = "partner_external_id=" + EXTERNAL_ID;
    private static final String NAME = "organisation_name=Customer";
    private static final String BEHIND_NONE = "&after=000000000000000000000000";
    private static final String MONTH = "2026-04";

    /** What the driver adds to a command for the connection, or limits it to. An explained command has none of these. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("$db", "$clusterTime", "$readPreference", "lsid", "txnNumber", "readConcern", "maxTimeMS");

    private static PartnerClient partner;
    private static Created customer;

    @Inject
    TaskQueue queue;

    @BeforeAll
    static void fill() {
        if (!TestDatabase.hasIndexes()) {
            return;
        }
        partner = PartnerClient.newPartner();
        var body = PartnerClient.body("Customer");
        body.put("partner_external_id", EXTERNAL_ID);
        customer = partner.create(body);
        ManyOrganisations.copyWithKeys(partner.createPartner("One of many"), MANY);
        ManyMembers.fill(partner.create("With members").id(), MANY);
        partner.report(
                List.of(Map.of("id", "r", "organisation_id", customer.id(), "day", MONTH + "-01", "api_requests", 1)));
        run(Arc.container().instance(TaskQueue.class).get());
        ManyUsages.copy(customer.id(), MANY, "usage_days", "usage_months");
        for (var each = 0; each < MANY / GUESTS; each++) {
            Guests.fill(partner.create("With guests").id(), GUESTS);
        }
    }

    @BeforeEach
    void requireIndexes() {
        assumeTrue(TestDatabase.hasIndexes(), "the embedded database has no indexes and explains nothing");
    }

    @Test
    void organisationByItsId() {
        assertThat(indexes("organisations", "_id", () -> partner.get(customer.id())))
                .containsOnly("_id_");
    }

    @Test
    void organisationByItsExternalId() {
        assertThat(indexes("organisations", "live_external_key", () -> monoid().get(EXTERNAL_ID, "")))
                .containsOnly("live_external_key_1");
    }

    @Test
    void organisationsByTheirName() {
        assertThat(indexes("organisations", "name_key", () -> cloudManager().orgs("?name=Customer")))
                .containsOnly("lineage_1_name_key_1_deleted_1__id_1");
    }

    @Test
    void deletedOrganisationsByTheirNameToo() {
        var query = "?includeDeletedOrgs=true&name=Customer";

        assertThat(indexes("organisations", "name_key", () -> cloudManager().orgs(query)))
                .containsOnly("lineage_1_name_key_1_deleted_1__id_1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "&scope=subtree", "&include_deleted=true", "&scope=subtree&include_deleted=true", BEHIND_NONE
            })
    void organisationsByTheirKeyWhateverElseIsWanted(String further) {
        var key = "?organisation_key=" + customer.organisation().key() + further;

        for (var query : List.of(key, key + "&" + NAME, key + "&" + EXTERNAL, key + "&" + EXTERNAL + "&" + NAME)) {
            assertThat(indexes("organisations", "organisation_key", () -> partner.list(query)))
                    .as(query)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .containsOnly("organisation_key_1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&" + NAME, "&limit=1", "&skip=1", BEHIND_NONE})
    void childrenByTheirExternalId(String further) {
        var query = "?" + EXTERNAL + further;

        assertThat(indexes("organisations", "live_external_key", () -> partner.list(query)))
                .hasSizeGreaterThanOrEqualTo(2)
                .containsOnly("live_external_key_1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scope=subtree", "include_deleted=true", "scope=subtree&include_deleted=true"})
    void organisationsOfASubtreeAndDeletedOnesByTheirExternalId(String scope) {
        var query = "?" + EXTERNAL + "&" + scope;

        for (var further : List.of("", "&" + NAME, BEHIND_NONE)) {
            assertThat(indexes("organisations", "external_id", () -> partner.list(query + further)))
                    .as(further)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .containsOnly("lineage_1_external_id_1_deleted_1__id_1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&include_deleted=true", BEHIND_NONE})
    void childrenByTheirName(String deleted) {
        assertThat(indexes("organisations", "name_key", () -> partner.list("?" + NAME + deleted)))
                .hasSizeGreaterThanOrEqualTo(2)
                .containsOnly("parent_1_name_key_1_deleted_1__id_1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&include_deleted=true", BEHIND_NONE})
    void organisationsOfASubtreeByTheirName(String deleted) {
        assertThat(indexes("organisations", "name_key", () -> partner.list("?scope=subtree&" + NAME + deleted)))
                .hasSizeGreaterThanOrEqualTo(2)
                .containsOnly("lineage_1_name_key_1_deleted_1__id_1");
    }

    @Test
    void pageOfDirectChildren() {
        assertThat(indexes("organisations", "parent", () -> partner.list("?limit=10")))
                .containsOnly("parent_1_deleted_1__id_1");
    }

    @Test
    void pageOfDirectChildrenAfterAnother() {
        var query = "?limit=10&after=" + customer.id();

        assertThat(indexes("organisations", "parent", () -> partner.list(query)))
                .containsOnly("parent_1_deleted_1__id_1");
    }

    @Test
    void pageOfASubtree() {
        assertThat(indexes("organisations", "lineage", () -> partner.list("?scope=subtree&limit=10")))
                .containsOnly("lineage_1_deleted_1__id_1");
    }

    @Test
    void pageOfASubtreeAfterAnother() {
        var query = "?scope=subtree&limit=10&after=" + customer.id();

        assertThat(indexes("organisations", "lineage", () -> partner.list(query)))
                .containsOnly("lineage_1_deleted_1__id_1");
    }

    @Test
    void keyByItsId() {
        var key = partner.mint(PartnerClient.keysOf(customer.id()), "standard").id();

        assertThat(indexes("api_keys", "_id", () -> partner.key(PartnerClient.keysOf(customer.id()) + "/" + key)))
                .containsOnly("_id_");
    }

    @Test
    void keysOfOneOrganisation() {
        assertThat(indexes("api_keys", "organisation", () -> partner.keys(PartnerClient.keysOf(customer.id()))))
                .containsOnly("organisation_1__id_1");
    }

    @Test
    void keysOfASubtree() {
        assertThat(indexes("api_keys", "lineage", () -> partner.keys("/api-keys?scope=subtree")))
                .containsOnly("lineage_1__id_1");
    }

    @Test
    void memberByItsId() {
        monoid().addMember(customer.id(), Map.of("userId", "ada", "role", "member"));

        assertThat(indexes("members", "_id", () -> monoid().member(customer.id(), "ada")))
                .containsOnly("_id_");
    }

    @Test
    void membersOfOneOrganisation() {
        assertThat(indexes("members", "organisation", () -> monoid().members(customer.id())))
                .isNotEmpty()
                .allMatch(index -> index.startsWith("organisation_1_"));
    }

    @Test
    void invitationsOfOneOrganisation() {
        assertThat(indexes("invitations", "organisation", () -> cloudManager().invites(customer.id(), "")))
                .containsOnly("organisation_1_invitation_1_expires_at_1");
    }

    @Test
    void dueTasks() {
        for (var collection :
                List.of("organisations", "api_keys", "invitations", "usage_records", "usage_days", "usage_months")) {
            assertThat(indexes(collection, "task_due_at", this::runDue)).containsOnly("task_due_at_1");
        }
    }

    /** The days that their month's figures do not include yet. */
    @Test
    void uncountedDays() {
        assertThat(indexes("usage_days", "pending_since", this::readUsageOfAll))
                .containsOnly("lineage_1_month_1_pending_since_1");
    }

    @Test
    void daysOfOneOrganisation() {
        assertThat(indexes("usage_days", "organisation", () -> partner.usage(customer.id(), MONTH)))
                .containsOnly("organisation_1_month_1");
    }

    @Test
    void monthsOfASubtree() {
        assertThat(indexes("usage_months", "level_d01", this::readUsageOfAll)).containsOnly("lineage_1_month_1");
    }

    private void readUsageOfAll() {
        partner.send("GET", "/usage?scope=subtree&usage_month=" + MONTH);
    }

    private void runDue() {
        run(queue);
    }

    private static void run(TaskQueue queue) {
        queue.runDue(Clock.systemUTC()).await().indefinitely();
    }

    private static MonoidClient monoid() {
        return MonoidClient.of(partner);
    }

    private static CloudManagerClient cloudManager() {
        return CloudManagerClient.of(partner);
    }

    /**
     * The indexes that answer the queries of a collection whose filters name that field, of all that the service sends
     * while the call runs. A query that uses none has the index {@code none}.
     */
    private static List<String> indexes(String collection, String field, Runnable call) {
        return Commands.queriesDuring(call).stream()
                .filter(query -> query.get(query.getFirstKey()).equals(new BsonString(collection)))
                .filter(query -> asksFor(field, query))
                .flatMap(query -> indexes(query).stream())
                .toList();
    }

    private static boolean asksFor(String field, BsonDocument query) {
        return query.entrySet().stream()
                .filter(part -> !part.getKey().equals("projection"))
                .anyMatch(part -> new BsonDocument(part.getKey(), part.getValue())
                        .toJson()
                        .contains("\"" + field + "\": "));
    }

    private static List<String> indexes(BsonDocument query) {
        var explained = new BsonDocument();
        query.entrySet().stream()
                .filter(field -> !OF_THE_CONNECTION.contains(field.getKey()))
                .forEach(field -> explained.append(field.getKey(), field.getValue()));
        var explain = new BsonDocument("explain", explained).append("verbosity", new BsonString("queryPlanner"));
        var planner =
                TestDatabase.data().runCommand(explain, BsonDocument.class).getDocument("queryPlanner");
        var plan = planner.get("winningPlan", planner.get("Plan"));
        var named = named(Objects.requireNonNull(plan)).toList();
        return named.isEmpty() ? List.of("none") : named;
    }

    /** MongoDB names an index in the stage that scans it. FerretDB shows the plan of its PostgreSQL. */
    private static Stream<String> named(BsonValue plan) {
        if (plan instanceof BsonArray array) {
            return array.stream().flatMap(QueryPlansTest::named);
        }
        if (!(plan instanceof BsonDocument node)) {
            return Stream.empty();
        }
        var own = isScan(node)
                ? Stream.of(
                        node.get("indexName", node.get("Index Name")).asString().getValue())
                : Stream.<String>empty();
        return Stream.concat(own, node.values().stream().flatMap(QueryPlansTest::named));
    }

    private static boolean isScan(BsonDocument node) {
        return node.containsKey("Index Name") || (node.containsKey("stage") && node.containsKey("indexName"));
    }
}
