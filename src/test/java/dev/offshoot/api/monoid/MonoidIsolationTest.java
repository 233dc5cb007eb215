package dev.offshoot.api.monoid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ApiClient;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.isolation.Caller;
import dev.offshoot.testing.isolation.IsolationChecks;
import dev.offshoot.testing.isolation.IsolationTable;
import dev.offshoot.testing.isolation.Target;
import dev.offshoot.testing.isolation.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who reaches what of the Monoid API. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class MonoidIsolationTest extends IsolationChecks {
    private static final String NEW = "new";

    /** The last two rows are of no call there is. */
    private static final IsolationTable TABLE = IsolationTable.of(
            """
            call                                        | PARTNER             | ORG_OWNER           | ORG_READ_ONLY       | GATEWAY | STANDARD | CHILDS_STANDARD
            GET /organisations/{id}                     | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 403     | 403      | 403
            GET /organisations/{id}?includeMembers=true | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 403     | 403      | 403
            PATCH /organisations/{id}                   | 200 200 200 404 404 | 200 200 200 404 404 | 403                 | 403     | 403      | 403
            GET /organisations/{id} If-None-Match: *            | 304 304 304 404 404 | 304 304 304 404 404 | 304 304 304 404 404 | 403 | 403 | 403
            PATCH /organisations/{id} If-Match: "another"       | 412 412 412 404 404 | 412 412 412 404 404 | 403             | 403 | 403 | 403
            DELETE /organisations/{id} If-Match: "another"      | 403 412 412 404 404 | 403                 | 403             | 403 | 403 | 403
            PUT /organisations/{id}/plan If-Match: "another"    | 403 412 412 404 404 | 403                 | 403             | 403 | 403 | 403
            DELETE /organisations/{id}/plan If-Match: "another" | 403 412 412 404 404 | 403                 | 403             | 403 | 403 | 403
            GET /organisations/{id}/members             | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 403     | 403      | 403
            POST /organisations/{id}/members            | 201 201 201 404 404 | 201 201 201 404 404 | 403                 | 403     | 403      | 403
            GET /organisations/{id}/members/{userId}    | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 403     | 403      | 403
            PATCH /organisations/{id}/members/{userId}  | 200 200 200 404 404 | 200 200 200 404 404 | 403                 | 403     | 403      | 403
            DELETE /organisations/{id}/members/{userId} | 204 204 204 404 404 | 204 204 204 404 404 | 403                 | 403     | 403      | 403
            PUT /organisations/{id}/plan                | 403 200 200 404 404 | 403                 | 403                 | 403     | 403      | 403
            GET /organisations/{id}/plan                | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 403     | 403      | 403
            DELETE /organisations/{id}/plan             | 403 204 204 404 404 | 403                 | 403                 | 403     | 403      | 403
            DELETE /organisations/{id}                  | 403 204 204 404 404 | 403                 | 403                 | 403     | 403      | 403
            GET /organisations                          | 200                 | 200                 | 200                 | 403     | 403      | 403
            POST /organisations                         | 201                 | 403                 | 403                 | 403     | 403      | 403
            GET /organisations/x/unknown                | 404                 | 404                 | 404                 | 403     | 403      | 403
            PUT /organisations                          | 405                 | 405                 | 405                 | 403     | 403      | 403
            """,
            Map.of(
                    "PATCH /organisations/{id}", Map.of("name", "Renamed"),
                    "POST /organisations/{id}/members", Map.of("userId", NEW, "role", "member"),
                    "PATCH /organisations/{id}/members/{userId}", Map.of("name", "Changed"),
                    "PUT /organisations/{id}/plan", Map.of("status", "active"),
                    "POST /organisations", Map.of("name", "New")));

    private static final String UNAUTHORISED =
            "{\"error\":{\"code\":\"unauthorised\",\"message\":\"A valid API key is required.\"}}";

    private static final String NOT_THERE =
            "{\"error\":{\"code\":\"organisation_not_found\",\"message\":\"There is no such organisation.\"}}";

    MonoidIsolationTest() {
        super(new Api(MonoidRoutes.ALL, TABLE, "id", UNAUTHORISED, NOT_THERE));
    }

    @Override
    protected ApiClient client(@Nullable String key) {
        return MonoidClient.with(key);
    }

    /** A wrong token is distinguished from none, in whatever way it is wrong. */
    @Override
    protected String challenge(Answer answer) {
        var challenge = answer.header("WWW-Authenticate");
        assertThat(challenge).isIn("Bearer", "Bearer error=\"invalid_token\"");
        return "Bearer";
    }

    @Override
    protected void furnish(World world) {
        var root = MonoidClient.of(PartnerClient.root());
        Stream.of(Target.values())
                .filter(Target::isThere)
                .forEach(target -> root.putPlan(target.in(world), Map.of("status", "active")));
    }

    /** A member; for what is not there, one of the world's parent. */
    @Override
    protected String part(String name, Target target, World world) {
        var org = target.isThere() ? target.in(world) : world.parentId();
        var userId = UUID.randomUUID().toString();
        MonoidClient.of(PartnerClient.root()).addMember(org, Map.of("userId", userId, "role", "member"));
        return userId;
    }

    @Test
    void wrongTokenIsDistinguishedFromNone() {
        assertThat(client(null).send("GET", "/organisations").header("WWW-Authenticate"))
                .isEqualTo("Bearer");
        assertThat(client("wrong").send("GET", "/organisations").header("WWW-Authenticate"))
                .isEqualTo("Bearer error=\"invalid_token\"");
    }

    @Test
    void listsHoldOnesOwnOnly() {
        for (var world : World.plant().bothWays()) {
            var tree = world.caller();
            for (var caller : List.of(Caller.PARTNER, Caller.ORG_OWNER, Caller.ORG_READ_ONLY)) {
                assertThat(MonoidClient.with(caller.in(world)).list("").objectIds())
                        .containsExactlyInAnyOrder(
                                tree.id(),
                                tree.child().id(),
                                tree.subPartner().id(),
                                tree.grandchild().id());
            }
        }
    }

    @Test
    void externalIdOfAnotherPartnersChildIsNotThere() {
        var world = World.plant();
        MonoidClient.of(world.sibling().client()).create("theirs", "Theirs");
        MonoidClient.of(PartnerClient.of(world.caller().subPartner())).create("beneath", "Beneath");
        var own = MonoidClient.of(world.caller().client());

        for (var externalId : List.of("theirs", "beneath")) {
            assertThat(own.send("GET", MonoidClient.path(externalId)).body()).isEqualTo(NOT_THERE);
            assertThat(own.send("DELETE", MonoidClient.path(externalId)).body()).isEqualTo(NOT_THERE);
        }
    }

    @Test
    void memberOfAnotherOrganisationIsNotReachedThroughOnesOwn() {
        for (var world : World.plant().bothWays()) {
            var client = client(Caller.PARTNER.in(world));
            for (var owner : List.of(Target.PARENT, Target.SIBLING, Target.SIBLINGS_CHILD, Target.CHILD)) {
                var parts = parts(owner, world);
                rows().filter(row -> row.names("userId")).forEach(row -> assertThat(
                                MonoidClient.error(send(client, row, Target.OWN.in(world), parts), 404)
                                        .code())
                        .as("%s of %s", row, owner)
                        .isEqualTo("member_not_found"));
            }
        }
    }
}
