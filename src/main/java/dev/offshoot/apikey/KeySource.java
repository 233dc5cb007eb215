package dev.offshoot.apikey;

import dev.offshoot.value.KeyId;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Optional;

/** Where a presented key comes from: who is charged for a look-up that finds nothing. */
public sealed interface KeySource {

    /**
     * A client's network: an IPv4 address, or the first 64 bits of an IPv6 address, because a client has all addresses
     * that begin with them.
     *
     * @param network in hexadecimal; empty if a trusted proxy does not say the address
     */
    record Network(String network) implements KeySource {}

    /** A caller that asks about the keys of its customers: a product, or a reverse proxy. */
    record Gateway(KeyId key) implements KeySource {}

    /** The client at that address, as the trusted proxies forward it. */
    static KeySource at(Optional<InetAddress> address) {
        return new Network(address.map(KeySource::network).orElse(""));
    }

    private static String network(InetAddress address) {
        var bytes = address.getAddress();
        return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, Long.BYTES));
    }
}
