package dev.offshoot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.testing.Http.Answer;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Monoid API as a client's backend sees it. Typed calls take the status they expect; the records hold exactly the
 * contract's fields, so that one more or one fewer fails. An organisation is named by either of its ids.
 *
 * @param key the API key; null sends none
 */
public record MonoidClient(String base, @Nullable String key) implements ApiClient {
    /** Where the API begins. */
    public static final String PATH = "/api/v1";

    private static final String WITH_MEMBERS = "includeMembers=true";
    private static final String WITH_PLAN = "includePlan=true";
    private static final Pattern NEXT = Pattern.compile("<(\\?[^>]+)>; rel=\"next\"");

    public record Member(
            String userId,
            String role,
            @Nullable String email,
            @Nullable String name,
            @Nullable String imageUrl) {}

    public record Plan(
            @Nullable String customerId,
            @Nullable String productId,
            @Nullable String productName,
            @Nullable String status,
            @Nullable Instant startsAt,
            @Nullable Instant endsAt,
            @Nullable Instant canceledAt) {}

    /**
     * An organisation. A call that does not show its members or its plan has to leave the field out.
     *
     * @param members null when the call does not show them
     * @param plan null when the call does not show it, or there is none
     */
    public record Organisation(
            @JsonProperty("_id") String objectId,
            @Nullable String id,
            String name,
            @Nullable List<Member> members,
            @Nullable Plan plan) {}

    /**
     * A page of the list.
     *
     * @param next the query with which the list goes on, or null at its end
     */
    public record Page(
            List<Organisation> organisations, @Nullable String next) {
        public List<String> objectIds() {
            return organisations.stream().map(Organisation::objectId).toList();
        }
    }

    /** An error: exactly these fields. */
    public record ApiError(String code, String message) {}

    public static MonoidClient with(@Nullable String key) {
        return new MonoidClient(Http.base(), key);
    }

    /** With the same key as that client of the Partner API. */
    public static MonoidClient of(PartnerClient client) {
        return with(client.key());
    }

    /** @param query begins with a question mark, or is empty */
    public Page list(String query) {
        var answer = send("GET", "/organisations" + query);
        var organisations = array(data(answer, 200)).stream()
                .map(json -> organisation(json, true, true))
                .toList();
        var link = NEXT.matcher(answer.header("Link"));
        return new Page(organisations, link.find() ? link.group(1) : null);
    }

    /** @param id the caller's own, or null to give it none */
    public Organisation create(@Nullable String id, String name) {
        var body = new LinkedHashMap<String, Object>();
        if (id != null) {
            body.put("id", id);
        }
        body.put("name", name);
        return organisation(data(send("POST", "/organisations", body), 201), true, true);
    }

    /** @param query begins with a question mark, or is empty; it decides whether members and plan have to be there */
    public Organisation get(String id, String query) {
        var data = data(send("GET", path(id) + query), 200);
        return organisation(data, query.contains(WITH_MEMBERS), query.contains(WITH_PLAN));
    }

    public Organisation update(String id, Map<String, ?> change) {
        return organisation(data(send("PATCH", path(id), change), 200), true, true);
    }

    public void delete(String id) {
        nothing(send("DELETE", path(id)));
    }

    public List<Member> members(String id) {
        return array(data(send("GET", membersPath(id)), 200)).stream()
                .map(MonoidClient::member)
                .toList();
    }

    public Member addMember(String id, Map<String, ?> member) {
        return member(data(send("POST", membersPath(id), member), 201));
    }

    public Member member(String id, String userId) {
        return member(data(send("GET", memberPath(id, userId)), 200));
    }

    public Member changeMember(String id, String userId, Map<String, ?> change) {
        return member(data(send("PATCH", memberPath(id, userId), change), 200));
    }

    public void removeMember(String id, String userId) {
        nothing(send("DELETE", memberPath(id, userId)));
    }

    /** The plan, or null when there is none. */
    public @Nullable Plan plan(String id) {
        return plan(data(send("GET", planPath(id)), 200));
    }

    public @Nullable Plan putPlan(String id, Map<String, ?> plan) {
        return plan(data(send("PUT", planPath(id), plan), 200));
    }

    public void deletePlan(String id) {
        nothing(send("DELETE", planPath(id)));
    }

    /** Below the base path, with that id percent-encoded. */
    public static String path(String id) {
        return "/organisations/" + encoded(id);
    }

    public static String membersPath(String id) {
        return path(id) + "/members";
    }

    public static String memberPath(String id, String userId) {
        return membersPath(id) + "/" + encoded(userId);
    }

    public static String planPath(String id) {
        return path(id) + "/plan";
    }

    @Override
    public String prefix() {
        return PATH;
    }

    @Override
    public Request keyed(String method, String path) {
        var request = Http.request(base, method, PATH + path);
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    /** The error, which has to have that status and this API's shape. */
    public static ApiError error(Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.json().fieldNames()).toIterable().containsExactly("error");
        var error = Http.JSON.convertValue(answer.json().get("error"), ApiError.class);
        assertThat(error.message()).isNotBlank();
        return error;
    }

    /** What a successful answer holds; it has to have that status. */
    public static JsonNode data(Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().fieldNames()).toIterable().containsExactly("data");
        return answer.json().get("data");
    }

    private static Organisation organisation(JsonNode json, boolean withMembers, boolean withPlan) {
        var whole = (ObjectNode) json.deepCopy();
        assertThat(whole.has("members")).as("%s has members", json).isEqualTo(withMembers);
        assertThat(whole.has("plan")).as("%s has a plan", json).isEqualTo(withPlan);
        if (withMembers) {
            assertThat(whole.get("members").isArray()).as("%s", json).isTrue();
        } else {
            whole.putNull("members");
        }
        if (!withPlan) {
            whole.putNull("plan");
        }
        return Http.JSON.convertValue(whole, Organisation.class);
    }

    private static Member member(JsonNode json) {
        return Http.JSON.convertValue(json, Member.class);
    }

    private static @Nullable Plan plan(JsonNode json) {
        return json.isNull() ? null : Http.JSON.convertValue(json, Plan.class);
    }

    private static List<JsonNode> array(JsonNode json) {
        assertThat(json.isArray()).as("%s", json).isTrue();
        return List.of(Http.JSON.convertValue(json, JsonNode[].class));
    }

    private static void nothing(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
    }
}
