package dev.offshoot.value;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Where a client is, as limits for each address count it: an IPv4 address, or an IPv6 network of 64 bits. One client has
 * all addresses of such a network (RFC 6177).
 *
 * @param prefix the 4 bytes of the address, or the first 8 of it
 */
public record ClientNetwork(ByteBuffer prefix) {
    private static final int IPV6_PREFIX_BYTES = 8;

    public static ClientNetwork of(InetAddress address) {
        var bytes = address.getAddress();
        return new ClientNetwork(ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, IPV6_PREFIX_BYTES))
                .asReadOnlyBuffer());
    }
}
