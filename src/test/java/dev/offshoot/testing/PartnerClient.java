package dev.offshoot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.testing.Http.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Partner API as a partner's backend sees it. Typed calls take the status they expect; the records hold exactly the
 * contract's fields, so that one more or one fewer fails.
 *
 * @param key the API key; null sends none
 */
public record PartnerClient(String base, @Nullable String key) implements ApiClient {

    /** An organisation; the last two on creation only. */
    public record Organisation(
            @JsonProperty("organisation_id") String id,
            @JsonProperty("organisation_key") String key,
            @JsonProperty("organisation_name") String name,
            String country,
            @JsonProperty("division_key") String divisionKey,
            @JsonProperty("partner_external_id") @Nullable String externalId,
            @JsonProperty("is_partner") boolean partner,
            @JsonProperty("deleted_at") @Nullable Instant deletedAt,
            @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("updated_at") Instant updatedAt) {}

    /** A new organisation and its keys. */
    public record Created(
            Organisation organisation,
            String apiKey,
            @Nullable String partnerKey) {
        public String id() {
            return organisation.id();
        }
    }

    /**
     * An API key.
     *
     * @param organisationId in a list of several organisations' keys only
     * @param secret in the answer that minted it only
     */
    public record Key(
            @JsonProperty("key_id") String id,
            @JsonProperty("organisation_id") @Nullable String organisationId,
            String name,
            List<String> roles,
            String hint,
            @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("last_used_at") @Nullable Instant lastUsedAt,
            @JsonProperty("last_used_from") @Nullable String lastUsedFrom,
            @JsonProperty("expires_at") @Nullable Instant expiresAt,
            @JsonProperty("allowed_ips") List<String> allowedIps,
            @JsonProperty("revoked_at") @Nullable Instant revokedAt,
            @JsonProperty("api_key") @Nullable String secret) {}

    /** What is said of a key. */
    public record Verification(
            boolean valid,
            String code,
            @JsonProperty("organisation_id") @Nullable String organisationId,
            @JsonProperty("organisation_key") @Nullable String organisationKey,
            @JsonProperty("key_id") @Nullable String keyId,
            @Nullable List<String> roles,
            @JsonProperty("expires_at") @Nullable Instant expiresAt) {}

    /** A rate limit. */
    public record Limits(
            @JsonProperty("requests_per_second") long requestsPerSecond, long burst) {}

    /** A page of a list. */
    public record Page(List<Organisation> organisations, long from, long to, long total) {
        public List<String> ids() {
            return organisations.stream().map(Organisation::id).toList();
        }
    }

    /** An error: its code, and what is wrong with each field. */
    public record ApiError(String code, String message, String requestId, Map<String, String> violation) {}

    public static PartnerClient with(@Nullable String key) {
        return new PartnerClient(Http.base(), key);
    }

    public static PartnerClient root() {
        return with(Installation.rootKey());
    }

    /** A new partner beneath the root, for one test to be alone with. */
    public static PartnerClient newPartner() {
        return of(root().createPartner("Partner"));
    }

    /** As the partner that was created. */
    public static PartnerClient of(Created partner) {
        return with(partner.partnerKey());
    }

    /** A body that creates an organisation with that name. */
    public static Map<String, Object> body(String name) {
        var body = new LinkedHashMap<String, Object>();
        body.put("organisation_name", name);
        body.put("country", "GB");
        body.put("division_timezone", "Europe/London");
        return body;
    }

    public Created create(String name) {
        return create(body(name));
    }

    public Created createPartner(String name) {
        var body = body(name);
        body.put("is_partner", true);
        return create(body);
    }

    public Created create(Map<String, Object> body) {
        return created(send("POST", "/organisations", body));
    }

    /** The new organisation and its keys, as the answer to its creation shows them. */
    public static Created created(Answer answer) {
        var data = data(answer, 200, "create_organisation_successful");
        var organisation = (ObjectNode) data.get("organisation");
        var apiKey = organisation.remove("organisation_api_key").textValue();
        var partnerKey = organisation.remove("partner_api_key");
        return new Created(organisation(organisation), apiKey, partnerKey == null ? null : partnerKey.textValue());
    }

    public Organisation get(String id) {
        return organisation(send("GET", "/organisations/" + id), "get_organisation_successful");
    }

    public Organisation getByExternalId(String externalId) {
        return found(send("GET", byExternalId(externalId)));
    }

    /** Creates the child with that external id, or finds it. */
    public Answer put(String externalId, Map<String, Object> body) {
        return send("PUT", byExternalId(externalId), body);
    }

    /** The path of the child with that external id. */
    public static String byExternalId(String externalId) {
        return "/organisations/by-external-id/"
                + URLEncoder.encode(externalId, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The organisation of an answer that says that it was there. */
    public static Organisation found(Answer answer) {
        return organisation(answer, "get_organisation_successful");
    }

    public Organisation getEvenDeleted(String id) {
        return organisation(
                send("GET", "/organisations/" + id + "?include_deleted=true"), "get_organisation_successful");
    }

    public Organisation update(String id, Map<String, Object> body) {
        return organisation(send("PATCH", "/organisations/" + id, body), "update_organisation_successful");
    }

    public Organisation delete(String id) {
        return organisation(send("DELETE", "/organisations/" + id), "delete_organisation_successful");
    }

    /** @param query begins with a question mark, or is empty */
    public Page list(String query) {
        var data = data(send("GET", "/organisations" + query), 200, "get_organisations_successful");
        var current = data.get("pagination").get("current_results");
        return new Page(
                read(data.get("organisations"), Organisation[].class),
                current.get("from").longValue(),
                current.get("to").longValue(),
                data.get("pagination").get("total_results").longValue());
    }

    /**
     * The keys that a list of them shows.
     *
     * @param path with its query
     */
    public List<Key> keys(String path) {
        var data = data(send("GET", path), 200, "get_api_keys_successful");
        assertThat(data.fieldNames()).toIterable().containsExactly("api_keys", "pagination");
        return keys(data.get("api_keys"));
    }

    /** @param path of a list of keys */
    public Key mint(String path, Map<String, ?> body) {
        return key(send("POST", path, body), "create_api_key_successful", true);
    }

    public Key mint(String path, String... roles) {
        return mint(path, Map.of("name", "Key", "roles", List.of(roles)));
    }

    public Key key(String path) {
        return key(send("GET", path), "get_api_key_successful", false);
    }

    public Key changeKey(String path, Map<String, ?> change) {
        return key(send("PATCH", path, change), "update_api_key_successful", false);
    }

    public Key rotate(String path, Map<String, ?> body) {
        return key(send("POST", path + "/rotate", body), "rotate_api_key_successful", true);
    }

    public Key revoke(String path) {
        return key(send("DELETE", path), "delete_api_key_successful", false);
    }

    public Verification verify(Map<String, ?> body) {
        var data = data(send("POST", "/api-keys/verify", body), 200, "verify_api_key_successful");
        return Http.JSON.convertValue(data.get("verification"), Verification.class);
    }

    public Verification verify(String apiKey) {
        return verify(Map.of("api_key", apiKey));
    }

    public @Nullable Limits limits(String id) {
        return limits(send("GET", limitsOf(id)), "get_limits_successful");
    }

    public Limits setLimits(String id, Map<String, ?> limits) {
        return limits(send("PUT", limitsOf(id), limits), "set_limits_successful");
    }

    public Limits setLimits(String id, long requestsPerSecond, long burst) {
        return setLimits(id, Map.of("requests_per_second", requestsPerSecond, "burst", burst));
    }

    public void removeLimits(String id) {
        assertThat(limits(send("DELETE", limitsOf(id)), "remove_limits_successful"))
                .isNull();
    }

    /** The path of the rate limit of an organisation beneath the client's. */
    public static String limitsOf(String organisation) {
        return "/organisations/" + organisation + "/limits";
    }

    /** The path of the keys of an organisation beneath the client's. */
    public static String keysOf(String organisation) {
        return "/organisations/" + organisation + "/api-keys";
    }

    /** The usage as JSON, for its many figures are best compared so. */
    public JsonNode usage(String id, String month) {
        var answer = send("GET", "/organisations/" + id + "/usage?usage_month=" + month);
        return data(answer, 200, "get_organisation_usage_successful").get("usage");
    }

    /** The outcomes of a usage report, in the records' order. */
    public List<String> report(List<Map<String, Object>> records) {
        var answer = send("POST", "/usage-records", Map.of("records", records));
        return data(answer, 200, "create_usage_records_successful")
                .get("results")
                .findValuesAsText("outcome");
    }

    /** Nothing: its paths begin at the root. */
    @Override
    public String prefix() {
        return "";
    }

    @Override
    public Request keyed(String method, String path) {
        var request = Http.request(base, method, path);
        return key == null ? request : request.header("x-api-key", key);
    }

    /** The error, which has to have that status and this API's shape. */
    public static ApiError error(Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        var json = answer.json();
        assertThat(json.get("success").booleanValue()).isFalse();
        assertThat(json.get("error").size()).isEqualTo(3);
        assertThat(json.get("identifier")).isEqualTo(json.get("error").get("code"));
        var violation = new LinkedHashMap<String, String>();
        json.path("violation")
                .fields()
                .forEachRemaining(
                        field -> violation.put(field.getKey(), field.getValue().asText()));
        assertThat(json.get("error").get("request_id").textValue()).isEqualTo(answer.header("X-Request-Id"));
        return new ApiError(
                json.get("error").get("code").textValue(),
                json.get("error").get("message").textValue(),
                json.get("error").get("request_id").textValue(),
                violation);
    }

    /** The fields that the error of an invalid request names. */
    public static Set<String> violations(Answer answer) {
        var error = error(answer, 400);
        assertThat(error.code()).isEqualTo("validation_failed");
        return error.violation().keySet();
    }

    private static @Nullable Limits limits(Answer answer, String identifier) {
        var data = data(answer, 200, identifier);
        assertThat(data.fieldNames()).toIterable().containsExactly("limits");
        return Http.JSON.convertValue(data.get("limits"), Limits.class);
    }

    private static Organisation organisation(Answer answer, String identifier) {
        return organisation(data(answer, 200, identifier).get("organisation"));
    }

    private static Organisation organisation(JsonNode json) {
        return Http.JSON.convertValue(json, Organisation.class);
    }

    private static Key key(Answer answer, String identifier, boolean withSecret) {
        var key = data(answer, 200, identifier).get("api_key");
        assertThat(key.has("api_key")).as("%s shows the key", identifier).isEqualTo(withSecret);
        assertThat(key.has("organisation_id")).isFalse();
        return keys(Http.JSON.createArrayNode().add(key)).get(0);
    }

    /** The keys of a list that an answer shows. */
    public static List<Key> keys(JsonNode json) {
        var keys = new ArrayList<Key>();
        json.forEach(each -> {
            var key = (ObjectNode) each.deepCopy();
            key.putIfAbsent("api_key", key.nullNode());
            key.putIfAbsent("organisation_id", key.nullNode());
            keys.add(Http.JSON.convertValue(key, Key.class));
        });
        return keys;
    }

    private static <T> List<T> read(JsonNode json, Class<T[]> type) {
        return List.of(Http.JSON.convertValue(json, type));
    }

    private static JsonNode data(Answer answer, int status, String identifier) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().get("success").booleanValue()).isTrue();
        assertThat(answer.json().get("identifier").textValue()).isEqualTo(identifier);
        return answer.json().get("data");
    }
}
