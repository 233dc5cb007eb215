package dev.offshoot.api.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a request says of its body's content: its media type and its encoding (RFC 9110, sections 8.3 and 8.4). */
final class ContentHeaders {
    static final String GZIP = "gzip";
    static final String IDENTITY = "identity";

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final String MOST_USUAL = "application/json";
    private static final Pattern JSON =
            Pattern.compile("(?i)\\s*+application/json\\s*+(?<parameters>;.*+)?", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("\\G\\s*+;\\s*+(?:(?<name>" + TOKEN + ")=(?:(?<token>"
            + TOKEN + ")|\"(?<quoted>(?:[^\"\\\\]|\\\\.)*+)\"))?+\\s*+(?=;|$)");
    private static final Pattern QUOTED_PAIR = Pattern.compile("\\\\(.)");
    private static final Set<String> UTF_8 = Set.of("utf-8", "utf8");

    private ContentHeaders() {}

    /** Whether the body is declared as JSON, and as UTF-8 if its charset is declared. */
    static boolean isJson(HttpServerRequest http) {
        var sent = http.headers().getAll(HttpHeaders.CONTENT_TYPE);
        if (sent.size() != 1) {
            return false;
        }
        if (sent.get(0).equals(MOST_USUAL)) {
            return true;
        }
        var type = JSON.matcher(sent.get(0));
        return type.matches() && (type.group("parameters") == null || areOfUtf8(type.group("parameters")));
    }

    /** The encodings that the body has, in lower case, without {@code identity}, which is none. */
    static List<String> encodings(HttpServerRequest http) {
        var sent = http.headers().getAll(HttpHeaders.CONTENT_ENCODING);
        return sent.isEmpty() ? List.of() : encodings(sent);
    }

    private static List<String> encodings(List<String> sent) {
        return sent.stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
                .filter(coding -> !coding.isEmpty() && !coding.equals(IDENTITY))
                .map(coding -> coding.equals("x-gzip") ? GZIP : coding)
                .toList();
    }

    private static boolean areOfUtf8(String parameters) {
        var parameter = PARAMETER.matcher(parameters);
        var end = 0;
        while (parameter.find()) {
            var name = parameter.group("name");
            var quoted = parameter.group("quoted");
            var value = quoted == null
                    ? parameter.group("token")
                    : QUOTED_PAIR.matcher(quoted).replaceAll("$1");
            if (name != null && name.equalsIgnoreCase("charset") && !UTF_8.contains(value.toLowerCase(Locale.ROOT))) {
                return false;
            }
            end = parameter.end();
        }
        return end == parameters.length();
    }
}
