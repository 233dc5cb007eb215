package dev.offshoot.api.connection;

import dev.offshoot.settings.Settings;
import dev.offshoot.value.AddressRange;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.util.List;

/** The proxies in front of the service, as the settings name them. They speak for many clients. */
@ApplicationScoped
public class TrustedProxies {
    private final List<AddressRange> ranges;

    TrustedProxies(Settings settings) {
        this.ranges = settings.http().trustedProxies().orElse(List.of()).stream()
                .map(range -> AddressRange.parse(range)
                        .orElseThrow(() -> new IllegalArgumentException("not an address range: " + range)))
                .toList();
    }

    public boolean contain(InetAddress address) {
        for (var range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
