package dev.offshoot.api.partner;

import static dev.offshoot.apikey.Role.GATEWAY;
import static dev.offshoot.apikey.Role.ORG_OWNER;
import static dev.offshoot.apikey.Role.PARTNER;
import static dev.offshoot.apikey.Role.STANDARD;

import dev.offshoot.api.Route;
import dev.offshoot.api.Routes;
import java.util.List;

/** Who may call what of the Partner API and its extensions ({@code api.md}, sections 1, 3 and 6). */
final class PartnerRoutes {
    private static final long USAGE_RECORDS_LIMIT = 1024 * 1024;

    static final Routes ALL = new Routes(List.of(
            Route.of("GET", "/organisations", PARTNER),
            Route.of("POST", "/organisations", PARTNER),
            Route.of("GET", "/organisations/{organisation_id}", PARTNER),
            Route.of("PATCH", "/organisations/{organisation_id}", PARTNER),
            Route.of("DELETE", "/organisations/{organisation_id}", PARTNER),
            Route.of("GET", "/organisations/{organisation_id}/usage", PARTNER),
            Route.of("GET", "/usage", PARTNER, ORG_OWNER),
            Route.of("POST", "/usage-records", PARTNER, GATEWAY, STANDARD).withBodyLimit(USAGE_RECORDS_LIMIT)));

    private PartnerRoutes() {}
}
