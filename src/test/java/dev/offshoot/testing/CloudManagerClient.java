package dev.offshoot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Http.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The Cloud Manager API as a tool sees it, which fetches a new nonce for every call. Typed calls take the status they
 * expect; the records hold exactly the contract's fields, so that one more or one fewer fails.
 *
 * @param key the API key; null sends none
 */
public record CloudManagerClient(String base, @Nullable String key) implements ApiClient {
    /** Where the API begins. */
    public static final String PATH = "/api/public/v1.0";

    private static final String CLIENT_NONCE = "0a4f113b";
    private static final String COUNT = "00000001";

    public record Link(String href, String rel) {}

    public record Org(String id, boolean isDeleted, List<Link> links, String name) {}

    /** A role that a key has in an organisation. */
    public record RoleOf(String orgId, String roleName) {}

    /** A member of an organisation. */
    public record User(
            @Nullable String emailAddress,
            String firstName,
            String id,
            String lastName,
            List<Link> links,
            List<RoleOf> roles,
            List<String> teamIds,
            String username) {}

    public record Key(
            String desc, String id, List<Link> links, String privateKey, String publicKey, List<RoleOf> roles) {}

    /** An invitation to an organisation. */
    public record Invitation(
            Instant createdAt,
            Instant expiresAt,
            String id,
            String inviterUsername,
            String orgId,
            String orgName,
            List<String> roles,
            List<String> teamIds,
            String username) {}

    /** An entry of a key's access list. */
    public record Entry(
            String cidrBlock,
            long count,
            Instant created,
            @Nullable String ipAddress,
            @Nullable Instant lastUsed,
            @Nullable String lastUsedAddress,
            List<Link> links) {}

    /** A page of a list; the total is null when there was none in the answer. */
    public record Page<T>(
            List<Link> links, List<T> results, @Nullable Long totalCount) {

        /** Where the link of that relation leads, or nothing. */
        public @Nullable String link(String rel) {
            return links.stream()
                    .filter(link -> link.rel().equals(rel))
                    .map(Link::href)
                    .findFirst()
                    .orElse(null);
        }

        public List<String> rels() {
            return links.stream().map(Link::rel).toList();
        }
    }

    /** An error: exactly these fields. */
    public record ApiError(String detail, int error, String errorCode, List<String> parameters, String reason) {}

    public static CloudManagerClient with(@Nullable String key) {
        return new CloudManagerClient(Http.base(), key);
    }

    /** With the same key as that client of the Partner API. */
    public static CloudManagerClient of(PartnerClient client) {
        return with(client.key());
    }

    /** With a key that is stored by hand: as the partner's, but for its roles. */
    public static CloudManagerClient withRole(PartnerClient partner, String role) {
        return with(Stored.otherKey(Objects.requireNonNull(partner.key()), Map.of("roles", List.of(role))));
    }

    /** The id of the client's key. */
    public String keyId() {
        return KeySecret.parse(Objects.requireNonNull(key))
                .map(secret -> secret.id().value())
                .orElse("unknown");
    }

    public Org org(String id) {
        return read(send("GET", "/orgs/" + id), 200, Org.class);
    }

    /** @param query begins with a question mark, or is empty */
    public Page<Org> orgs(String query) {
        return page(send("GET", "/orgs" + query), Org.class);
    }

    public Org rename(String id, String name) {
        return read(send("PATCH", "/orgs/" + id, Map.of("name", name)), 200, Org.class);
    }

    public Org create(String name) {
        return read(send("POST", "/orgs", Map.of("name", name)), 200, Org.class);
    }

    public void delete(String id) {
        nothing(send("DELETE", "/orgs/" + id));
    }

    public Page<User> users(String org, String query) {
        return page(send("GET", "/orgs/" + org + "/users" + query), User.class);
    }

    public User user(String org, String user) {
        return read(send("GET", "/orgs/" + org + "/users/" + user), 200, User.class);
    }

    public Invitation invite(String org, String username, String... roles) {
        return read(send("POST", invitesPath(org), invitationBody(username, roles)), 200, Invitation.class);
    }

    public List<Invitation> invites(String org, String query) {
        var answer = send("GET", invitesPath(org) + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return list(answer.json(), Invitation.class);
    }

    public Invitation invitation(String org, String id) {
        return read(send("GET", invitePath(org, id)), 200, Invitation.class);
    }

    public Invitation changeInvitation(String org, String id, String... roles) {
        return read(send("PATCH", invitePath(org, id), Map.of("roles", List.of(roles))), 200, Invitation.class);
    }

    public void removeInvitation(String org, String id) {
        nothing(send("DELETE", invitePath(org, id)));
    }

    /** The body that invites a person, or changes that person's invitation. */
    public static Map<String, Object> invitationBody(String username, String... roles) {
        return Map.of("username", username, "roles", List.of(roles));
    }

    /** Below the base path. */
    public static String invitesPath(String org) {
        return "/orgs/" + org + "/invites";
    }

    public static String invitePath(String org, String invitation) {
        return invitesPath(org) + "/" + invitation;
    }

    public Page<Key> keys(String org, String query) {
        return page(send("GET", "/orgs/" + org + "/apiKeys" + query), Key.class);
    }

    public Key mint(String org, String desc, String... roles) {
        var body = Map.of("desc", desc, "roles", List.of(roles));
        return read(send("POST", "/orgs/" + org + "/apiKeys", body), 200, Key.class);
    }

    public Key key(String org, String key) {
        return read(send("GET", keyPath(org, key)), 200, Key.class);
    }

    public Key change(String org, String key, Map<String, ?> change) {
        return read(send("PATCH", keyPath(org, key), change), 200, Key.class);
    }

    public void revoke(String org, String key) {
        nothing(send("DELETE", keyPath(org, key)));
    }

    public Page<Entry> accessList(String org, String key, String query) {
        return page(send("GET", keyPath(org, key) + "/accessList" + query), Entry.class);
    }

    /** @param entries addresses, or blocks where they have a slash */
    public Page<Entry> allow(String org, String key, String... entries) {
        return page(send("POST", keyPath(org, key) + "/accessList", entries(entries)), Entry.class);
    }

    /** The body that adds these to an access list. */
    public static List<Map<String, String>> entries(String... entries) {
        return List.of(entries).stream()
                .map(entry -> Map.of(entry.contains("/") ? "cidrBlock" : "ipAddress", entry))
                .toList();
    }

    /** Below the base path. */
    public static String keyPath(String org, String key) {
        return "/orgs/" + org + "/apiKeys/" + key;
    }

    @Override
    public String prefix() {
        return PATH;
    }

    /** With an answer to a challenge of its own. */
    @Override
    public Request keyed(String method, String path) {
        var request = Http.request(base, method, PATH + path);
        return key == null ? request : request.header("Authorization", authorization(method, PATH + path));
    }

    /** What answers a fresh challenge for that target, which begins with the base path (RFC 7616, section 3.4). */
    public String authorization(String method, String target) {
        var secret = Objects.requireNonNull(key);
        var challenge = Http.request(base, "GET", PATH).send().header("WWW-Authenticate");
        var nonce = challenge.replaceFirst(".*nonce=\"([0-9a-f]+)\".*", "$1");
        var user = userOf(secret);
        var ha1 = md5(user + ":" + KeySecret.DIGEST_REALM + ":" + secret);
        var ha2 = md5(method + ":" + target);
        var response = md5(String.join(":", ha1, nonce, COUNT, CLIENT_NONCE, "auth", ha2));
        return "Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", algorithm=MD5, qop=auth, nc=%s, cnonce=\"%s\", response=\"%s\""
                .formatted(user, KeySecret.DIGEST_REALM, nonce, target, COUNT, CLIENT_NONCE, response);
    }

    /** The error, which has to have that status and this API's shape. */
    public static ApiError error(Answer answer, int status) {
        var error = read(answer, status, ApiError.class);
        assertThat(error.error()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(error.detail()).isNotBlank();
        return error;
    }

    public static <T> T read(Answer answer, int status, Class<T> type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        return Http.JSON.convertValue(answer.json(), type);
    }

    public static <T> Page<T> page(Answer answer, Class<T> type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return page(answer.json(), type);
    }

    public static <T> Page<T> page(JsonNode json, Class<T> type) {
        var fields = (ObjectNode) json.deepCopy();
        var links = list(fields.remove("links"), Link.class);
        var results = list(fields.remove("results"), type);
        var total = fields.remove("totalCount");
        assertThat(fields).isEmpty();
        return new Page<>(links, results, total == null ? null : total.longValue());
    }

    private static <T> List<T> list(JsonNode array, Class<T> type) {
        assertThat(array.isArray()).isTrue();
        return StreamSupport.stream(array.spliterator(), false)
                .map(element -> Http.JSON.convertValue(element, type))
                .toList();
    }

    private static void nothing(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }

    private static String userOf(String key) {
        var parts = key.split("_", 3);
        return parts.length == 3 ? parts[1] : key;
    }

    private static String md5(String text) {
        try {
            var digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
