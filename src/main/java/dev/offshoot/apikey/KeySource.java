package dev.offshoot.apikey;

import dev.offshoot.value.ClientNetwork;
import dev.offshoot.value.KeyId;
import java.net.InetAddress;
import java.util.Optional;

/** Where a presented key comes from: who is charged for a look-up that finds nothing. */
public sealed interface KeySource {

    /** A client, or all whose address a trusted proxy does not say. */
    record Client(Optional<ClientNetwork> network) implements KeySource {}

    /** A caller that asks about the keys of its customers: a product, or a reverse proxy. */
    record Gateway(KeyId key) implements KeySource {}

    /** The client at that address, as the trusted proxies forward it. */
    static KeySource at(Optional<InetAddress> address) {
        return new Client(address.map(ClientNetwork::of));
    }
}
