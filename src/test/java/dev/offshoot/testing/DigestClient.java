package dev.offshoot.testing;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Http.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of HTTP Digest (RFC 7616), with every part of it open to a test.
 *
 * @param username the key id
 * @param password the key
 */
public record DigestClient(String base, String username, String password, String realm) {
    private static final String REALM = "MMS Public API";

    /** The one form that all clients take. */
    private static final Pattern CHALLENGE = Pattern.compile("Digest realm=\"" + REALM
            + "\", domain=\"\", nonce=\"([0-9a-f]+)\", algorithm=MD5, qop=\"auth\", stale=(true|false)");

    /** What the answer to missing or wrong credentials asks for. */
    public record Challenge(String nonce, boolean stale) {}

    public static DigestClient with(String key) {
        return with(Http.base(), key);
    }

    public static DigestClient with(String base, String key) {
        return new DigestClient(base, KeySecret.parse(key).orElseThrow().id().value(), key, REALM);
    }

    /** The one challenge of an answer, which has to be a 401. */
    public static Challenge challenge(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        var challenges = answer.headers().allValues("WWW-Authenticate");
        assertThat(challenges).hasSize(1);
        assertThat(challenges.get(0)).matches(CHALLENGE);
        var matcher = CHALLENGE.matcher(challenges.get(0));
        return matcher.matches()
                ? new Challenge(matcher.group(1), Boolean.parseBoolean(matcher.group(2)))
                : new Challenge("", false);
    }

    /** Credentials with those parameters, each as it is to be written. */
    public static String header(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(joining(", ", "Digest ", ""));
    }

    /** A fresh nonce, as the service gives it to a client without credentials. */
    public String nonce() {
        return challenge(send("GET", "/api/public/v1.0/orgs")).nonce();
    }

    /** The parameters of good credentials, for a test to change. */
    public Map<String, String> parameters(String method, String target, String nonce, String count) {
        var clientNonce = UUID.randomUUID().toString();
        var ha1 = md5(username + ":" + realm + ":" + password);
        var ha2 = md5(method + ":" + target);
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("username", quoted(username));
        parameters.put("realm", quoted(realm));
        parameters.put("nonce", quoted(nonce));
        parameters.put("uri", quoted(target));
        parameters.put("algorithm", "MD5");
        parameters.put("qop", "auth");
        parameters.put("nc", count);
        parameters.put("cnonce", quoted(clientNonce));
        parameters.put("response", quoted(md5(String.join(":", ha1, nonce, count, clientNonce, "auth", ha2))));
        return parameters;
    }

    /** Good credentials. */
    public String credentials(String method, String target, String nonce, String count) {
        return header(parameters(method, target, nonce, count));
    }

    /** Sends those credentials, or several, or none, as they are. */
    public Answer send(String method, String target, String... credentials) {
        return send(method, target, null, List.of(credentials));
    }

    public Answer send(String method, String target, @Nullable Object body, List<String> credentials) {
        var request = Http.request(base, method, target);
        credentials.forEach(one -> request.header("Authorization", one));
        if (body != null) {
            request.header("Content-Type", "application/json").body(Http.ascii(body));
        }
        return request.send();
    }

    /** A session that does as clients do. */
    public Session session() {
        return new Session(this);
    }

    /** Asks without credentials once, then counts on the nonce it got, and takes a new one when that is stale. */
    public static final class Session {
        private final DigestClient client;
        private @Nullable String nonce;
        private int count;
        private int challenges;

        private Session(DigestClient client) {
            this.client = client;
        }

        public Answer send(String method, String target) {
            return send(method, target, null);
        }

        public Answer send(String method, String target, @Nullable Object body) {
            var current = nonce;
            if (current == null) {
                return retry(challenge(client.send(method, target)), method, target, body);
            }
            var answer = signed(current, method, target, body);
            return answer.status() == 401 && challenge(answer).stale()
                    ? retry(challenge(answer), method, target, body)
                    : answer;
        }

        /** How many nonces it has taken. */
        public int challenges() {
            return challenges;
        }

        private Answer retry(Challenge challenge, String method, String target, @Nullable Object body) {
            nonce = challenge.nonce();
            count = 0;
            challenges++;
            return signed(challenge.nonce(), method, target, body);
        }

        private Answer signed(String current, String method, String target, @Nullable Object body) {
            count++;
            var credentials = client.credentials(method, target, current, "%08x".formatted(count));
            return client.send(method, target, body, List.of(credentials));
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String md5(String text) {
        try {
            var digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
