package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.CloudManagerClient.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ApiClient;
import dev.offshoot.testing.CloudManagerClient;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who reaches what of the Cloud Manager API. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class CloudManagerIsolationTest extends IsolationChecks {
    private static final String ADDRESS = "192.0.2.1";

    /** The last two rows are of no call there is. */
    private static final IsolationTable TABLE = IsolationTable.of(
            """
            call                                                           | PARTNER             | ORG_OWNER           | ORG_READ_ONLY       | GATEWAY | STANDARD | CHILDS_STANDARD
            GET /orgs/{orgId}                                              | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 401     | 401      | 401
            GET /orgs/{orgId}/groups                                       | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 401     | 401      | 401
            GET /orgs/{orgId}/teams                                        | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 401     | 401      | 401
            GET /orgs/{orgId}/users                                        | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 401     | 401      | 401
            GET /orgs/{orgId}/users/{userId}                               | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 401     | 401      | 401
            GET /orgs/{orgId}/invites                                      | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 401     | 401      | 401
            GET /orgs/{orgId}/invites/{invitationId}                       | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 401     | 401      | 401
            GET /orgs/{orgId}/apiKeys                                      | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 401     | 401      | 401
            GET /orgs/{orgId}/apiKeys/{keyId}                              | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 401     | 401      | 401
            GET /orgs/{orgId}/apiKeys/{keyId}/accessList                   | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 401     | 401      | 401
            GET /orgs/{orgId}/apiKeys/{keyId}/accessList/{address}         | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 401     | 401      | 401
            GET /orgs/{orgId}/apiKeys/{keyId}/accessList/{address}/{bits}  | 200 200 200 404 404 | 200 200 200 404 404 | 200 200 200 404 404 | 401     | 401      | 401
            PATCH /orgs/{orgId}                                            | 200 200 200 404 404 | 200 200 200 404 404 | 403                 | 401     | 401      | 401
            GET /orgs/{orgId} If-None-Match: *                             | 304 304 304 404 404 | 304 304 304 404 404 | 304 304 304 404 404 | 401     | 401      | 401
            PATCH /orgs/{orgId} If-Match: "another"                        | 412 412 412 404 404 | 412 412 412 404 404 | 403                 | 401     | 401      | 401
            DELETE /orgs/{orgId} If-Match: "another"                       | 403 412 412 404 404 | 403                 | 403                 | 401     | 401      | 401
            POST /orgs/{orgId}/invites                                     | 200 200 200 404 404 | 200 200 200 404 404 | 403                 | 401     | 401      | 401
            PATCH /orgs/{orgId}/invites                                    | 200 200 200 404 404 | 200 200 200 404 404 | 403                 | 401     | 401      | 401
            PATCH /orgs/{orgId}/invites/{invitationId}                     | 200 200 200 404 404 | 200 200 200 404 404 | 403                 | 401     | 401      | 401
            DELETE /orgs/{orgId}/invites/{invitationId}                    | 204 204 204 404 404 | 204 204 204 404 404 | 403                 | 401     | 401      | 401
            POST /orgs/{orgId}/apiKeys                                     | 200 200 200 404 404 | 200 200 200 404 404 | 403                 | 401     | 401      | 401
            PATCH /orgs/{orgId}/apiKeys/{keyId}                            | 200 200 200 404 404 | 200 200 200 404 404 | 403                 | 401     | 401      | 401
            POST /orgs/{orgId}/apiKeys/{keyId}/accessList                  | 200 200 200 404 404 | 200 200 200 404 404 | 403                 | 401     | 401      | 401
            DELETE /orgs/{orgId}/apiKeys/{keyId}/accessList/{address}      | 204 204 204 404 404 | 204 204 204 404 404 | 403                 | 401     | 401      | 401
            DELETE /orgs/{orgId}/apiKeys/{keyId}/accessList/{address}/{bits} | 204 204 204 404 404 | 204 204 204 404 404 | 403                 | 401     | 401      | 401
            DELETE /orgs/{orgId}/apiKeys/{keyId}                           | 204 204 204 404 404 | 204 204 204 404 404 | 403                 | 401     | 401      | 401
            DELETE /orgs/{orgId}                                           | 403 204 204 404 404 | 403                 | 403                 | 401     | 401      | 401
            GET                                                            | 200                 | 200                 | 200                 | 401     | 401      | 401
            GET /groups                                                    | 200                 | 200                 | 200                 | 401     | 401      | 401
            GET /orgs                                                      | 200                 | 200                 | 200                 | 401     | 401      | 401
            POST /orgs                                                     | 200                 | 403                 | 403                 | 401     | 401      | 401
            GET /unknown                                                   | 404                 | 404                 | 404                 | 401     | 401      | 401
            PUT /orgs                                                      | 405                 | 405                 | 405                 | 401     | 401      | 401
            """,
            Map.of(
                    "PATCH /orgs/{orgId}",
                    Map.of("name", "Renamed"),
                    "POST /orgs/{orgId}/invites",
                    CloudManagerClient.invitationBody("new@example.com", "ORG_OWNER"),
                    "PATCH /orgs/{orgId}/invites",
                    CloudManagerClient.invitationBody("{username}", "ORG_READ_ONLY"),
                    "PATCH /orgs/{orgId}/invites/{invitationId}",
                    Map.of("roles", List.of("ORG_READ_ONLY")),
                    "POST /orgs/{orgId}/apiKeys",
                    Map.of("desc", "New", "roles", List.of("ORG_OWNER")),
                    "PATCH /orgs/{orgId}/apiKeys/{keyId}",
                    Map.of("desc", "Changed"),
                    "POST /orgs/{orgId}/apiKeys/{keyId}/accessList",
                    CloudManagerClient.entries("2001:db8::1"),
                    "POST /orgs",
                    Map.of("name", "New")));

    private static final String UNAUTHORISED =
            "{\"detail\":\"No current user.\",\"error\":401,\"errorCode\":\"NO_CURRENT_USER\",\"parameters\":[],"
                    + "\"reason\":\"Unauthorized\"}";

    private static final String NOT_THERE =
            "{\"detail\":\"No organization with ID <id> exists.\",\"error\":404,\"errorCode\":\"ORG_NOT_FOUND\","
                    + "\"parameters\":[\"<id>\"],\"reason\":\"Not Found\"}";

    CloudManagerIsolationTest() {
        super(new Api(CloudManagerRoutes.ALL, TABLE, "orgId", UNAUTHORISED, NOT_THERE));
    }

    @Override
    protected ApiClient client(@Nullable String key) {
        return CloudManagerClient.with(key);
    }

    @Override
    protected Set<Caller> nobodies() {
        var nobodies = EnumSet.of(Caller.UNSEALED);
        nobodies.addAll(Caller.NOBODIES);
        return nobodies;
    }

    /** Of a key with an access list, a member, or an invitation; for what is not there, one of the world's parent. */
    @Override
    protected String part(String name, Target target, World world) {
        var root = CloudManagerClient.of(PartnerClient.root());
        var org = target.isThere() ? target.in(world) : world.parentId();
        var person = UUID.randomUUID().toString();
        return switch (name) {
            case "keyId" -> {
                var key = root.mint(org, "For " + target, "ORG_OWNER").id();
                root.allow(org, key, ADDRESS);
                yield key;
            }
            case "address" -> ADDRESS;
            case "bits" -> "32";
            case "userId" -> {
                MonoidClient.of(PartnerClient.root()).addMember(org, Map.of("userId", person, "role", "member"));
                yield root.users(org, "?itemsPerPage=500").results().stream()
                        .filter(each -> each.username().equals(person))
                        .findFirst()
                        .orElseThrow()
                        .id();
            }
            case "username" ->
                root.invite(org, person + "@example.com", "ORG_MEMBER").username();
            default -> root.invite(org, person + "@example.com", "ORG_MEMBER").id();
        };
    }

    @Test
    void keyOfAnotherOrganisationIsNotReachedThroughOnesOwn() {
        for (var world : World.plant().bothWays()) {
            var client = client(Caller.PARTNER.in(world));
            for (var owner : List.of(Target.PARENT, Target.SIBLING, Target.SIBLINGS_CHILD, Target.CHILD)) {
                var parts = parts(owner, world);
                rows().filter(row -> row.names("keyId"))
                        .forEach(row -> assertThat(error(send(client, row, Target.OWN.in(world), parts), 404)
                                        .errorCode())
                                .as("%s of %s", row, owner)
                                .isEqualTo("API_KEY_NOT_FOUND"));
            }
        }
    }

    @Test
    void userAndInvitationOfAnotherOrganisationAreNotReachedThroughOnesOwn() {
        var codes = Map.of("userId", "RESOURCE_NOT_FOUND", "invitationId", "INVITATION_NOT_FOUND");
        for (var world : World.plant().bothWays()) {
            var client = client(Caller.PARTNER.in(world));
            for (var owner : List.of(Target.PARENT, Target.SIBLING, Target.SIBLINGS_CHILD, Target.CHILD)) {
                var parts = parts(owner, world);
                codes.forEach((part, code) -> rows().filter(row -> row.names(part))
                        .forEach(row -> assertThat(error(send(client, row, Target.OWN.in(world), parts), 404)
                                        .errorCode())
                                .as("%s of %s", row, owner)
                                .isEqualTo(code)));
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
            for (var caller : List.of(Caller.PARTNER, Caller.ORG_OWNER, Caller.ORG_READ_ONLY)) {
                var client = CloudManagerClient.with(caller.in(world));

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
}
