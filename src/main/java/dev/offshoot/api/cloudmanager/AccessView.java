package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.Incoming;
import dev.offshoot.apikey.AccessEntry;
import dev.offshoot.apikey.ApiKey;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry of a key's access list; the address is there when it is one and not a block. */
@RegisterForReflection
public record AccessView(
        String cidrBlock,
        long count,
        Instant created,
        @Nullable String ipAddress,
        @Nullable Instant lastUsed,
        @Nullable String lastUsedAddress,
        List<Link> links) {

    static AccessView of(Incoming request, ApiKey key, AccessEntry entry) {
        var addresses = entry.addresses();
        var name = addresses.isSingle() ? addresses.address() : addresses.cidr().replace("/", "%2F");
        return new AccessView(
                addresses.cidr(),
                entry.count(),
                entry.created(),
                addresses.isSingle() ? addresses.address() : null,
                entry.lastUsed(),
                entry.lastUsedAddress(),
                List.of(Link.self(KeyView.href(request, key) + "/accessList/" + name)));
    }
}
