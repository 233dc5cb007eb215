package dev.offshoot.testing;

import dev.offshoot.api.read.Query;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Queries as the HTTP server reads them, without HTTP. */
public final class Queries {
    private Queries() {}

    /** @param query decoded; parameters are joined by an ampersand */
    public static Query of(String query) {
        return Query.of(
                Arrays.stream(query.split("&", -1)).map(Queries::encoded).collect(Collectors.joining("&")));
    }

    private static String encoded(String parameter) {
        return Arrays.stream(parameter.split("=", 2))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining("="));
    }
}
