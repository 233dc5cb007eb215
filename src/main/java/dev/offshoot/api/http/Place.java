package dev.offshoot.api.http;

import dev.offshoot.value.ClientNetwork;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * The place of one request among those that are under way. The request leaves it while the client sends the body, so that
 * a slow client holds none.
 */
final class Place {
    private static final String KEY = Place.class.getName();

    private final Places places;
    private final Optional<ClientNetwork> network;
    private boolean isHeld;
    private boolean hasEnded;

    private Place(Places places, Optional<ClientNetwork> network) {
        this.places = places;
        this.network = network;
    }

    /** Prepares a place for the request to take. The request leaves it at its end. */
    static Place create(RoutingContext routing, Places places, Optional<ClientNetwork> network) {
        var place = new Place(places, network);
        routing.put(KEY, place);
        routing.addEndHandler(end -> place.end());
        return place;
    }

    static Place of(RoutingContext routing) {
        Place place = routing.get(KEY);
        if (place == null) {
            throw new IllegalStateException("a request bypassed the admission filter");
        }
        return place;
    }

    /** Takes the place, if there is one. */
    synchronized boolean take() {
        if (!isHeld && !hasEnded) {
            isHeld = places.take(network);
            return isHeld;
        }
        return true;
    }

    synchronized void leave() {
        if (isHeld) {
            places.leave(network);
            isHeld = false;
        }
    }

    private synchronized void end() {
        leave();
        hasEnded = true;
    }
}
