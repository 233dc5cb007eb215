package dev.offshoot.api.read;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A query as a client wrote it: parameters that {@code &} alone separates, in percent-encoded UTF-8. A byte that is not
 * ASCII counts as if it had been percent-encoded.
 *
 * @param pairs the parameters with their names and values, in their order
 */
public record Query(List<Pair> pairs) {
    private static final String NOT_IN_A_QUERY = " \"#<>[\\]^`{|}";

    /**
     * One parameter.
     *
     * @param text as it was sent, with whatever a URI can't hold percent-encoded (RFC 3986, section 3.4)
     * @param name decoded; null where it is malformed
     * @param value decoded, empty where there is none; null where it is malformed
     */
    private record Pair(
            String text, @Nullable String name, @Nullable String value) {
        static Pair of(String sent) {
            var parts = sent.split("=", 2);
            return new Pair(encoded(sent), decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
        }
    }

    public Query {
        pairs = List.copyOf(pairs);
    }

    /**
     * The query of a target.
     *
     * @param sent one character for each byte, as the HTTP server reads the target; null for none
     */
    public static Query of(@Nullable String sent) {
        return new Query(
                sent == null
                        ? List.of()
                        : Stream.of(sent.split("&", -1))
                                .filter(pair -> !pair.isEmpty())
                                .map(Pair::of)
                                .toList());
    }

    /** Whether every name and every value is percent-encoded UTF-8. */
    public boolean isWellFormed() {
        for (var pair : pairs) {
            if (pair.name() == null || pair.value() == null) {
                return false;
            }
        }
        return true;
    }

    /** All values by their names; those that are malformed are left out. */
    public Map<String, List<String>> values() {
        var values = new HashMap<String, List<String>>();
        for (var pair : pairs) {
            if (pair.name() != null && pair.value() != null) {
                values.computeIfAbsent(pair.name(), name -> new ArrayList<>()).add(pair.value());
            }
        }
        return values;
    }

    /**
     * The same query with other parameters.
     *
     * @param without the names of those that are taken out
     * @param added what follows the others
     */
    public String with(Set<String> without, String... added) {
        var kept = pairs.stream()
                .filter(pair -> pair.name() == null || !without.contains(pair.name()))
                .map(Pair::text);
        return Stream.concat(kept, Stream.of(added)).collect(Collectors.joining("&"));
    }

    private static String encoded(String sent) {
        var text = new StringBuilder();
        for (var i = 0; i < sent.length(); i++) {
            var c = sent.charAt(i);
            if (c > ' ' && c < 0x7f && NOT_IN_A_QUERY.indexOf(c) < 0) {
                text.append(c);
            } else {
                text.append(String.format("%%%02X", (int) c));
            }
        }
        return text.toString();
    }

    private static @Nullable String decoded(String sent) {
        return bytes(sent).flatMap(Query::utf8).orElse(null);
    }

    private static Optional<ByteBuffer> bytes(String sent) {
        var bytes = ByteBuffer.allocate(sent.length());
        for (var i = 0; i < sent.length(); i++) {
            var c = sent.charAt(i);
            if (c == '%') {
                var high = i + 1 < sent.length() ? Character.digit(sent.charAt(i + 1), 16) : -1;
                var low = i + 2 < sent.length() ? Character.digit(sent.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return Optional.empty();
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else {
                bytes.put((byte) (c == '+' ? ' ' : c));
            }
        }
        return Optional.of(bytes.flip());
    }

    private static Optional<String> utf8(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}
