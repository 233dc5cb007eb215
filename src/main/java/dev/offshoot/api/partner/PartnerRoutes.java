package dev.offshoot.api.partner;

import static dev.offshoot.apikey.Role.GATEWAY;
import static dev.offshoot.apikey.Role.OWNERS;
import static dev.offshoot.apikey.Role.PARTNER;
import static dev.offshoot.apikey.Role.STANDARD;

import dev.offshoot.api.http.Route;
import dev.offshoot.api.http.Routes;
import dev.offshoot.apikey.Role;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which roles may make which call of the Partner API and its extensions ({@code api.md}, sections 1, 3 and 6). */
final class PartnerRoutes {
    private static final long USAGE_RECORDS_LIMIT = 1024 * 1024;

    private static final String KEYS = "/api-keys";
    private static final String KEYS_BENEATH = "/organisations/{organisation_id}/api-keys";

    private static final String BY_EXTERNAL_ID = "/organisations/by-external-id/{partner_external_id}";

    private static final String LIMITS = "/organisations/{organisation_id}/limits";

    static final Routes ALL = new Routes(Stream.of(
                    List.of(
                            Route.of("GET", "/organisations", PARTNER),
                            Route.of("POST", "/organisations", PARTNER),
                            Route.of("GET", "/organisations/{organisation_id}", PARTNER),
                            Route.of("PATCH", "/organisations/{organisation_id}", PARTNER),
                            Route.of("DELETE", "/organisations/{organisation_id}", PARTNER),
                            Route.of("GET", "/organisations/{organisation_id}/usage", PARTNER),
                            Route.of("GET", BY_EXTERNAL_ID, PARTNER),
                            Route.of("PUT", BY_EXTERNAL_ID, PARTNER),
                            Route.of("GET", LIMITS, PARTNER),
                            Route.of("PUT", LIMITS, PARTNER),
                            Route.of("DELETE", LIMITS, PARTNER),
                            Route.of("GET", "/usage", OWNERS),
                            Route.of("POST", "/usage-records", PARTNER, GATEWAY, STANDARD)
                                    .withGzipBody(USAGE_RECORDS_LIMIT),
                            Route.of("POST", KEYS + "/verify", PARTNER, GATEWAY),
                            Route.of("POST", KEYS + "/revoke", OWNERS)),
                    keys(KEYS, OWNERS),
                    keys(KEYS_BENEATH, Set.of(PARTNER)))
            .flatMap(List::stream)
            .toList());

    private PartnerRoutes() {}

    private static List<Route> keys(String path, Set<Role> roles) {
        return List.of(
                Route.of("GET", path, roles),
                Route.of("POST", path, roles),
                Route.of("GET", path + "/{key_id}", roles),
                Route.of("PATCH", path + "/{key_id}", roles),
                Route.of("DELETE", path + "/{key_id}", roles),
                Route.of("POST", path + "/{key_id}/rotate", roles));
    }
}
