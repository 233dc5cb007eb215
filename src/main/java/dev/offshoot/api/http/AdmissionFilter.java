package dev.offshoot.api.http;

import dev.offshoot.database.Requester;
import dev.offshoot.failure.Failure;
import dev.offshoot.value.ClientNetwork;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Refuses requests when there are more at once than this process takes on (503), in all or of one address. It also begins
 * the observation of each request.
 */
@Singleton
class AdmissionFilter {
    private final EarlyAnswer answer;
    private final RequestTelemetry telemetry;
    private final Proxies proxies;
    private final Places places;

    AdmissionFilter(EarlyAnswer answer, RequestTelemetry telemetry, Proxies proxies, Places places) {
        this.answer = answer;
        this.telemetry = telemetry;
        this.proxies = proxies;
        this.places = places;
        telemetry.inFlight(places::taken);
    }

    void register(@Observes Filters filters) {
        filters.register(this::enter, RequestFilters.ADMISSION);
    }

    private void enter(RoutingContext routing) {
        telemetry.observe(routing);
        var network = proxies.address(routing.request()).map(ClientNetwork::of);
        network.ifPresent(Requester::set);
        var place = Place.create(routing, places, network);
        if (!place.take()) {
            answer.refuse(routing, new Failure.Unavailable(Failure.Unavailable.Cause.TOO_MANY_REQUESTS));
            return;
        }
        routing.next();
    }
}
