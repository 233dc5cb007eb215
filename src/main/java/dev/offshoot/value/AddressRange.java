package dev.offshoot.value;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IP address or a block of them (RFC 4632, RFC 4291), with nothing set behind its prefix. An IPv4-mapped IPv6 address
 * or block (RFC 4291, section 2.5.5.2) is the IPv4 one. No other form of IPv6 is taken for IPv4.
 */
public final class AddressRange {
    public static final String RULE = "must be an IP address or a block of them in CIDR notation";

    public static final String ADDRESS_RULE = "must be an IP address";

    private static final Pattern FORM = Pattern.compile("([0-9a-fA-F:.]+)(?:/(0|[1-9][0-9]{0,2}))?");

    /** A decimal number with a zero in front, which others read as octal. */
    private static final Pattern OCTAL = Pattern.compile("(?:.*[:.])?0[0-9]+[.].*|.*[.]0[0-9]+");

    /** An IPv6 address whose last four bytes are written as an IPv4 address (RFC 4291, section 2.2). */
    private static final Pattern DOTTED_END = Pattern.compile("(.*:)([0-9]+(?:[.][0-9]+){3})");

    private static final int MAPPED_BITS = 96;

    private final byte[] network;
    private final int bits;

    private AddressRange(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /** The range of one address. */
    public static AddressRange single(InetAddress address) {
        var bytes = address.getAddress();
        return new AddressRange(bytes, bytes.length * Byte.SIZE);
    }

    /**
     * The range that the text writes. Of the blocks of all addresses, those whose own bits are all zero are ranges; another
     * is likely a slip, and would let everybody in.
     */
    public static Optional<AddressRange> parse(String text) {
        var matcher = FORM.matcher(text);
        return matcher.matches()
                ? bytes(matcher.group(1)).flatMap(address -> of(address, Optional.ofNullable(matcher.group(2))))
                : Optional.empty();
    }

    /** The address that the text writes; no name is ever looked up. */
    public static Optional<InetAddress> parseAddress(String text) {
        return bytes(text).map(AddressRange::addressOf);
    }

    /** How an address is written, an IPv6 one in its canonical form (RFC 5952). */
    public static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    public boolean contains(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length == network.length && Arrays.equals(masked(bytes, bits), network);
    }

    /** The address, where it is one, and the block in CIDR notation otherwise. */
    public String shortText() {
        return isSingle() ? address() : cidr();
    }

    /** Whether it has more addresses than another of the same family. */
    public boolean isWiderThan(AddressRange other) {
        return network.length == other.network.length && bits < other.bits;
    }

    /** Whether every address of it is one of another. */
    public boolean isWithin(AddressRange other) {
        return network.length == other.network.length
                && bits >= other.bits
                && Arrays.equals(masked(network, other.bits), other.network);
    }

    /** Whether it is one address and not a block. */
    public boolean isSingle() {
        return bits == network.length * Byte.SIZE;
    }

    /** The first address of it. */
    public String address() {
        return text(addressOf(network));
    }

    /** In CIDR notation, always with the prefix' length, so that equal ranges have equal texts. */
    public String cidr() {
        return address() + "/" + bits;
    }

    @Override
    public String toString() {
        return cidr();
    }

    private static Optional<AddressRange> of(byte[] written, Optional<String> prefix) {
        var address = addressOf(written).getAddress();
        var most = address.length * Byte.SIZE;
        var mapped = written.length == address.length ? 0 : MAPPED_BITS;
        var bits = prefix.map(Integer::parseInt).orElse(mapped + most) - mapped;
        if (bits < 0 || bits > most) {
            return Optional.empty();
        }
        var network = masked(address, bits);
        return bits == 0 && !Arrays.equals(network, address)
                ? Optional.empty()
                : Optional.of(new AddressRange(network, bits));
    }

    /** Four bytes or sixteen, as the text has them. */
    private static Optional<byte[]> bytes(String text) {
        return FORM.matcher(text).matches() && !OCTAL.matcher(text).matches() && text.indexOf('/') < 0
                ? Optional.ofNullable(NetUtil.createByteArrayFromIpAddressString(inHexadecimal(text)))
                : Optional.empty();
    }

    /** The library takes every IPv6 address with a dotted end and zeros before it for an IPv4-mapped one. */
    private static String inHexadecimal(String text) {
        var dotted = DOTTED_END.matcher(text);
        return dotted.matches() && NetUtil.isValidIpV4Address(dotted.group(2))
                ? dotted.group(1) + inHexadecimal(NetUtil.createByteArrayFromIpAddressString(dotted.group(2)))
                : text;
    }

    private static String inHexadecimal(byte[] four) {
        var hexadecimal = HexFormat.of().formatHex(four);
        return hexadecimal.substring(0, 4) + ":" + hexadecimal.substring(4);
    }

    /** Java reads an IPv4 address that is mapped into IPv6 as IPv4. */
    private static InetAddress addressOf(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", impossible);
        }
    }

    private static byte[] masked(byte[] address, int bits) {
        var masked = address.clone();
        for (var i = 0; i < masked.length; i++) {
            var kept = Math.min(Byte.SIZE, Math.max(0, bits - i * Byte.SIZE));
            masked[i] &= (byte) (0xff << (Byte.SIZE - kept));
        }
        return masked;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRange range && range.bits == bits && Arrays.equals(range.network, network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + bits;
    }
}
