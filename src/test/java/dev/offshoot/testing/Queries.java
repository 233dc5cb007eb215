package dev.offshoot.testing;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Proxy;

/** Queries as a resource gets them, without HTTP. */
public final class Queries {
    private Queries() {}

    /**
     * A request with that query, of which nothing else can be asked.
     *
     * @param query decoded; parameters are joined by an ampersand
     */
    public static UriInfo of(String query) {
        var parameters = new MultivaluedHashMap<String, String>();
        for (var parameter : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            var pair = parameter.split("=", 2);
            parameters.add(pair[0], pair.length == 1 ? "" : pair[1]);
        }
        return (UriInfo) Proxy.newProxyInstance(
                Queries.class.getClassLoader(), new Class<?>[] {UriInfo.class}, (uri, method, arguments) -> {
                    if (!method.getName().equals("getQueryParameters")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return parameters;
                });
    }
}
