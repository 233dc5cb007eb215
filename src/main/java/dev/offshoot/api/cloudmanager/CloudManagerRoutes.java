package dev.offshoot.api.cloudmanager;

import static dev.offshoot.apikey.Role.OWNERS;
import static dev.offshoot.apikey.Role.PARTNER;
import static dev.offshoot.apikey.Role.READERS;

import dev.offshoot.api.http.Route;
import dev.offshoot.api.http.Routes;
import java.util.List;
import java.util.stream.Stream;

/** Who may call what of the Cloud Manager API ({@code api.md}, sections 1 and 4). */
final class CloudManagerRoutes {
    static final String BASE = "/api/public/v1.0";

    /** With the paths that newer tools of the vendor ask for: they get a challenge and a 404 that they can read. */
    static final List<String> PREFIXES = List.of(BASE, "/api/atlas/v2", "/api/oauth");

    private static final String ORG = "/orgs/{orgId}";
    private static final String KEYS = ORG + "/apiKeys";
    private static final String KEY = KEYS + "/{keyId}";
    private static final String INVITES = ORG + "/invites";
    private static final String INVITE = INVITES + "/{invitationId}";
    private static final String LIST = KEY + "/accessList";

    static final Routes ALL = new Routes(Stream.of(
                    reading("", "/groups", "/orgs", ORG, ORG + "/groups", ORG + "/teams", INVITES, INVITE),
                    reading(
                            ORG + "/users",
                            ORG + "/users/{userId}",
                            KEYS,
                            KEY,
                            LIST,
                            LIST + "/{address}",
                            LIST + "/{address}/{bits}"),
                    List.of(
                            Route.of("POST", BASE + "/orgs", PARTNER),
                            Route.of("DELETE", BASE + ORG, PARTNER),
                            Route.of("PATCH", BASE + ORG, OWNERS),
                            Route.of("POST", BASE + INVITES, OWNERS),
                            Route.of("PATCH", BASE + INVITES, OWNERS),
                            Route.of("PATCH", BASE + INVITE, OWNERS),
                            Route.of("DELETE", BASE + INVITE, OWNERS),
                            Route.of("POST", BASE + KEYS, OWNERS),
                            Route.of("PATCH", BASE + KEY, OWNERS),
                            Route.of("DELETE", BASE + KEY, OWNERS),
                            Route.of("POST", BASE + LIST, OWNERS),
                            Route.of("DELETE", BASE + LIST + "/{address}", OWNERS),
                            Route.of("DELETE", BASE + LIST + "/{address}/{bits}", OWNERS)))
            .flatMap(List::stream)
            .toList());

    private CloudManagerRoutes() {}

    private static List<Route> reading(String... paths) {
        return Stream.of(paths)
                .map(path -> Route.of("GET", BASE + path, READERS))
                .toList();
    }
}
