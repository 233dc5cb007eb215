package dev.offshoot.api.http;

import dev.offshoot.settings.Settings;
import dev.offshoot.value.ClientNetwork;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The places for requests under way: so many in all, and half as many for one address, so that nobody takes those of the
 * others.
 */
@Singleton
class Places {
    private final RequestTelemetry telemetry;
    private final int max;
    private final int maxPerAddress;
    private final Map<ClientNetwork, Integer> takenByNetwork = new HashMap<>();
    private int taken;

    Places(RequestTelemetry telemetry, Settings settings) {
        this.telemetry = telemetry;
        this.max = settings.http().maxInFlight();
        this.maxPerAddress = Math.max(1, max / 2);
    }

    synchronized int taken() {
        return taken;
    }

    synchronized boolean take(Optional<ClientNetwork> network) {
        if (taken >= max
                || network.map(takenByNetwork::get)
                        .filter(own -> own >= maxPerAddress)
                        .isPresent()) {
            telemetry.refusedAsTooMany();
            return false;
        }
        taken++;
        network.ifPresent(from -> takenByNetwork.merge(from, 1, Integer::sum));
        return true;
    }

    synchronized void leave(Optional<ClientNetwork> network) {
        taken--;
        network.ifPresent(from -> takenByNetwork.computeIfPresent(from, (same, own) -> own == 1 ? null : own - 1));
    }
}
