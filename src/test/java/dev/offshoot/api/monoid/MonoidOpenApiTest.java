package dev.offshoot.api.monoid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ApiClient;
import dev.offshoot.testing.ApiDocument.Call;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.OpenApiChecks;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds the OpenAPI document of the Monoid API and the service against one another. */
@Tag("any-database")
@QuarkusTest
@QuarkusTestResource(Installation.class)
class MonoidOpenApiTest extends OpenApiChecks {
    private static final String BASE = MonoidRoutes.BASE;
    private static final Call LIST = new Call("GET", BASE);
    private static final Call CREATE = new Call("POST", BASE);
    private static final Call GET = new Call("GET", BASE + "/{id}");
    private static final Call RENAME = new Call("PATCH", BASE + "/{id}");
    private static final Call DELETE = new Call("DELETE", BASE + "/{id}");
    private static final Call MEMBERS = new Call("GET", BASE + "/{id}/members");
    private static final Call ADD = new Call("POST", BASE + "/{id}/members");
    private static final Call MEMBER = new Call("GET", BASE + "/{id}/members/{userId}");
    private static final Call CHANGE = new Call("PATCH", BASE + "/{id}/members/{userId}");
    private static final Call REMOVE = new Call("DELETE", BASE + "/{id}/members/{userId}");
    private static final Call PLAN = new Call("GET", BASE + "/{id}/plan");
    private static final Call SET_PLAN = new Call("PUT", BASE + "/{id}/plan");
    private static final Call REMOVE_PLAN = new Call("DELETE", BASE + "/{id}/plan");

    private static final Map<Integer, Set<String>> CODES = Map.ofEntries(
            Map.entry(400, Set.of("validation_failed")),
            Map.entry(401, Set.of("unauthorised")),
            Map.entry(403, Set.of("forbidden")),
            Map.entry(404, Set.of("organisation_not_found")),
            Map.entry(406, Set.of("not_acceptable")),
            Map.entry(408, Set.of("request_timeout")),
            Map.entry(413, Set.of("payload_too_large")),
            Map.entry(415, Set.of("unsupported_media_type")),
            Map.entry(429, Set.of("rate_limited")),
            Map.entry(500, Set.of("internal_error")),
            Map.entry(503, Set.of("unavailable")));

    private static final Set<String> NO_MEMBER = Set.of("organisation_not_found", "member_not_found");
    private static final Set<String> NO_PLAN = Set.of("organisation_not_found", "plan_not_found");

    private static final Set<String> CHANGED = Set.of("precondition_failed");

    private static final Map<Call, Map<Integer, Set<String>>> FURTHER = Map.ofEntries(
            Map.entry(CREATE, Map.of(409, Set.of("id_taken", "depth_exceeded"))),
            Map.entry(GET, Map.of(304, Set.of(), 412, CHANGED)),
            Map.entry(RENAME, Map.of(412, CHANGED)),
            Map.entry(DELETE, Map.of(412, CHANGED)),
            Map.entry(ADD, Map.of(409, Set.of("member_exists", "limit_exceeded"))),
            Map.entry(MEMBER, Map.of(404, NO_MEMBER)),
            Map.entry(CHANGE, Map.of(404, NO_MEMBER, 409, Set.of("last_owner", "limit_exceeded"))),
            Map.entry(REMOVE, Map.of(404, NO_MEMBER, 409, Set.of("last_owner"))),
            Map.entry(PLAN, Map.of(404, NO_PLAN)),
            Map.entry(SET_PLAN, Map.of(412, CHANGED)),
            Map.entry(REMOVE_PLAN, Map.of(404, NO_PLAN, 412, CHANGED)));

    private static final String OWNER = "{\"userId\":\"user-1\",\"role\":\"owner\",\"email\":\"ada@example.com\","
            + "\"name\":\"Ada Lovelace\",\"imageUrl\":\"https://images.example/ada.png\"}";
    private static final String WHOLE_PLAN =
            "{\"customerId\":\"cus_4711\",\"productId\":\"prod_team\",\"productName\":\"Team\",\"status\":\"canceled\","
                    + "\"startsAt\":\"2026-04-01T02:00:00.5+02:00\",\"endsAt\":\"2027-04-01T00:00:00Z\","
                    + "\"canceledAt\":\"2026-06-01T00:00:00Z\"}";

    MonoidOpenApiTest() {
        super(new Api(
                "/q/openapi/monoid",
                "Monoid API",
                "bearer",
                "/organisations",
                MonoidRoutes.ALL,
                true,
                CODES,
                FURTHER,
                Map.of("id", "0123456789abcdef01234567", "userId", "nobody")));
    }

    @Override
    protected ApiClient client(@Nullable String key) {
        return MonoidClient.with(key);
    }

    @Override
    protected int success(Call call) {
        return switch (call.method()) {
            case "DELETE" -> 204;
            case "POST" -> 201;
            default -> 200;
        };
    }

    @Override
    protected String body(Call call) {
        if (call.equals(ADD)) {
            return OWNER;
        }
        if (call.equals(CHANGE)) {
            return "{\"role\":\"admin\"}";
        }
        return call.equals(SET_PLAN) ? WHOLE_PLAN : "{\"name\":\"Customer\"}";
    }

    @Override
    protected List<ErrorSpec> successes() {
        var spec = new ArrayList<ErrorSpec>();
        spec.add(sending(201, CREATE, "{\"name\":\"Customer\"}"));
        spec.add(sending(201, CREATE, "{\"id\":\"customer-1\",\"name\":\"Customer\"}"));
        spec.add(calling(200, GET, "customer-1"));
        spec.add(asking(200, GET, "?includeMembers=true&includePlan=true", "customer-1"));
        spec.add(calling(200, MEMBERS, "customer-1"));
        spec.add(sending(201, ADD, OWNER, "customer-1"));
        spec.add(sending(201, ADD, "{\"userId\":\"user-2\",\"role\":\"member\"}", "customer-1"));
        spec.add(calling(200, MEMBERS, "customer-1"));
        spec.add(calling(200, MEMBER, "customer-1", "user-1"));
        spec.add(sending(200, CHANGE, "{\"imageUrl\":null}", "customer-1", "user-1"));
        spec.add(sending(200, SET_PLAN, "{\"status\":\"trialing\"}", "customer-1"));
        spec.add(sending(200, SET_PLAN, WHOLE_PLAN, "customer-1"));
        spec.add(calling(200, PLAN, "customer-1"));
        spec.add(asking(200, GET, "?includeMembers=true&includePlan=true", "customer-1"));
        spec.add(asking(200, GET, "?includePlan=true", "customer-1"));
        spec.add(sending(200, RENAME, "{\"id\":\"customer-1\",\"name\":\"Renamed\"}", "customer-1"));
        spec.add(calling(200, LIST));
        spec.add(asking(200, LIST, "?limit=1&offset=1"));
        spec.add(calling(204, REMOVE, "customer-1", "user-2"));
        spec.add(calling(204, REMOVE_PLAN, "customer-1"));
        spec.add(calling(204, DELETE, "customer-1"));
        return spec;
    }

    @Override
    protected List<ErrorSpec> errors() {
        var client = MonoidClient.of(partner);
        var own = client.list("").objectIds().get(0);
        client.create("customer-1", "Customer");
        client.addMember("customer-1", Map.of("userId", "user-1", "role", "owner"));
        return List.of(
                asking(400, LIST, "?limit=0&offset=&after=x"),
                asking(400, GET, "?includeMembers=1", "customer-1"),
                sending(400, CHANGE, "{}", "customer-1", "user-1"),
                sending(400, RENAME, "{\"id\":\"other\",\"name\":\"A\"}", "customer-1"),
                sending(409, CREATE, "{\"id\":\"customer-1\",\"name\":\"A\"}"),
                sending(409, ADD, OWNER, "customer-1"),
                sending(409, CHANGE, "{\"role\":\"member\"}", "customer-1", "user-1"),
                calling(409, REMOVE, "customer-1", "user-1"),
                calling(404, MEMBER, "customer-1", "nobody"),
                calling(404, PLAN, "customer-1"),
                calling(404, REMOVE_PLAN, "customer-1"),
                calling(403, DELETE, own),
                calling(403, REMOVE_PLAN, own),
                sending(403, SET_PLAN, WHOLE_PLAN, own));
    }

    @Test
    void acceptedBodiesAreThoseThatAreDocumented() {
        assertThat(document.bodyViolations(CREATE, "{\"id\":null,\"name\":\"A\"}"))
                .isEmpty();
        assertThat(document.bodyViolations(CREATE, "{\"id\":\"5f8f8c44b54764421b7156c3\",\"name\":\"A\"}"))
                .isNotEmpty();
        assertThat(document.bodyViolations(RENAME, "{\"id\":\"customer-1\"}")).isNotEmpty();
        assertThat(document.bodyViolations(ADD, "{\"userId\":\"user-1\",\"role\":\"guest\"}"))
                .isNotEmpty();
        assertThat(document.bodyViolations(CHANGE, "{}")).isNotEmpty();
        assertThat(document.bodyViolations(CHANGE, "{\"role\":null}")).isNotEmpty();
        assertThat(document.bodyViolations(CHANGE, "{\"name\":null}")).isEmpty();
        assertThat(document.bodyViolations(SET_PLAN, "{}")).isNotEmpty();
        assertThat(document.bodyViolations(SET_PLAN, "{\"status\":\"active\",\"endsAt\":\"2026-04-01\"}"))
                .isNotEmpty();
        assertThat(document.bodyViolations(SET_PLAN, WHOLE_PLAN)).isEmpty();
    }
}
