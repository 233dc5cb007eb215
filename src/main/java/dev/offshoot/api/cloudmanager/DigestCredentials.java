package dev.offshoot.api.cloudmanager;

import dev.offshoot.apikey.KeySecret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a client sends in {@code Authorization} for HTTP Digest with MD5 and {@code qop=auth} (RFC 7616, section 3.4).
 *
 * @param count {@code nc} exactly as it was sent, for that is what was hashed
 */
record DigestCredentials(String username, String nonce, String uri, String count, String clientNonce, String response) {
    /** They repeat the request's target, for which the server takes 8 KiB at most. */
    private static final int MAX_LENGTH = 9 * 1024;

    private static final Set<String> REQUIRED =
            Set.of("username", "realm", "nonce", "uri", "qop", "nc", "cnonce", "response");
    private static final Pattern SCHEME = Pattern.compile("(?i)digest\\s+");
    private static final Pattern PARAMETER = Pattern.compile(
            "\\G[\\s,]*+([!#$%&'*+.^_`|~0-9A-Za-z-]++)\\s*+=\\s*+(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|([^\\s\",]++))\\s*+(?=,|$)");
    private static final Pattern QUOTED_PAIR = Pattern.compile("\\\\(.)");
    private static final Pattern COUNT = Pattern.compile("[0-9A-Fa-f]{1,8}");
    private static final Pattern RESPONSE = Pattern.compile("[0-9A-Fa-f]{32}");

    /** The credentials, if they are Digest's, whole, for this realm and of the one algorithm and quality that we offer. */
    static Optional<DigestCredentials> parse(String header) {
        var scheme = SCHEME.matcher(header);
        if (header.length() > MAX_LENGTH || !scheme.lookingAt()) {
            return Optional.empty();
        }
        return parameters(header.substring(scheme.end())).flatMap(DigestCredentials::of);
    }

    /** What the count counts; at most eight hexadecimal digits. */
    long countValue() {
        return Long.parseLong(count, 16);
    }

    /** Whether they were made by somebody who knows the HA1, for a request with that method. */
    boolean areOfOneWhoKnows(byte[] ha1, String method) {
        var ha2 = md5(method + ":" + uri);
        var expected = md5(String.join(":", hex(ha1), nonce, count, clientNonce, "auth", hex(ha2)));
        return MessageDigest.isEqual(expected, HexFormat.of().parseHex(response));
    }

    @Override
    public String toString() {
        return "DigestCredentials[" + username + "]";
    }

    private static Optional<DigestCredentials> of(Map<String, String> parameters) {
        var credentials = new DigestCredentials(
                parameters.getOrDefault("username", ""),
                parameters.getOrDefault("nonce", ""),
                parameters.getOrDefault("uri", ""),
                parameters.getOrDefault("nc", ""),
                parameters.getOrDefault("cnonce", ""),
                parameters.getOrDefault("response", "").toLowerCase(Locale.ROOT));
        var whole = parameters.keySet().containsAll(REQUIRED)
                && !credentials.username.isEmpty()
                && !credentials.clientNonce.isEmpty()
                && COUNT.matcher(credentials.count).matches()
                && RESPONSE.matcher(credentials.response).matches()
                && KeySecret.DIGEST_REALM.equals(parameters.get("realm"))
                && "auth".equals(parameters.get("qop"))
                && parameters.getOrDefault("algorithm", "MD5").equalsIgnoreCase("MD5");
        return whole ? Optional.of(credentials) : Optional.empty();
    }

    /** The parameters by their names in lower case; nothing when one is malformed or there twice. */
    private static Optional<Map<String, String>> parameters(String list) {
        var parameters = new HashMap<String, String>();
        var matcher = PARAMETER.matcher(list);
        var end = 0;
        while (matcher.find()) {
            var quoted = matcher.group(2);
            var value = quoted == null
                    ? matcher.group(3)
                    : QUOTED_PAIR.matcher(quoted).replaceAll("$1");
            if (parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), value) != null) {
                return Optional.empty();
            }
            end = matcher.end();
        }
        return list.substring(end).isBlank() ? Optional.of(parameters) : Optional.empty();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Of the characters as the server reads headers and targets, one for each byte. */
    private static byte[] md5(String text) {
        try {
            return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has MD5", impossible);
        }
    }
}
