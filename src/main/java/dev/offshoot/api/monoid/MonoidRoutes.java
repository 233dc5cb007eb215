package dev.offshoot.api.monoid;

import static dev.offshoot.apikey.Role.OWNERS;
import static dev.offshoot.apikey.Role.PARTNER;
import static dev.offshoot.apikey.Role.READERS;

import dev.offshoot.api.http.Route;
import dev.offshoot.api.http.Routes;
import java.util.List;

/** Which roles may make which call of the Monoid API ({@code api.md}, sections 1 and 5). */
final class MonoidRoutes {
    static final String BASE = "/api/v1/organisations";

    private static final String ORGANISATION = BASE + "/{id}";
    private static final String MEMBERS = ORGANISATION + "/members";
    private static final String MEMBER = MEMBERS + "/{userId}";
    private static final String PLAN = ORGANISATION + "/plan";

    static final Routes ALL = new Routes(List.of(
            Route.of("GET", BASE, READERS),
            Route.of("POST", BASE, PARTNER),
            Route.of("GET", ORGANISATION, READERS),
            Route.of("PATCH", ORGANISATION, OWNERS),
            Route.of("DELETE", ORGANISATION, PARTNER),
            Route.of("GET", MEMBERS, READERS),
            Route.of("POST", MEMBERS, OWNERS),
            Route.of("GET", MEMBER, READERS),
            Route.of("PATCH", MEMBER, OWNERS),
            Route.of("DELETE", MEMBER, OWNERS),
            Route.of("GET", PLAN, READERS),
            Route.of("PUT", PLAN, PARTNER),
            Route.of("DELETE", PLAN, PARTNER)));

    private MonoidRoutes() {}
}
