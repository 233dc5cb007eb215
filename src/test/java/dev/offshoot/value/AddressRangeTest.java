package dev.offshoot.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Assertions;

class AddressRangeTest {

    /** That of RFC 5952 for IPv6. */
    @Example
    void addressesAndBlocksAreReadAndWrittenInOneForm() {
        var written = Map.of(
                "192.0.2.1", "192.0.2.1/32",
                "192.0.2.1/32", "192.0.2.1/32",
                "192.0.2.255/24", "192.0.2.0/24",
                "0.0.0.0/0", "0.0.0.0/0",
                "2001:DB8::1", "2001:db8::1/128",
                "2001:db8:ffff::/33", "2001:db8:8000::/33",
                "::/0", "::/0",
                "::ffff:192.0.2.1", "192.0.2.1/32");

        written.forEach((sent, cidr) -> assertThat(range(sent).cidr()).as(sent).isEqualTo(cidr));
        written.values().forEach(cidr -> assertThat(range(cidr).cidr()).isEqualTo(cidr));
    }

    @Example
    void onlyWholeAddressesAreSingle() {
        assertThat(range("192.0.2.1").isSingle()).isTrue();
        assertThat(range("192.0.2.0/31").isSingle()).isFalse();
        assertThat(range("::1/128").isSingle()).isTrue();
        assertThat(range("::/127").isSingle()).isFalse();
        assertThat(range("::1").address()).isEqualTo("::1");
    }

    @Example
    void lengthOfThePrefixIsBoundedByTheFamily() {
        for (var good : List.of("0.0.0.0/0", "192.0.2.1/32", "::/0", "::1/33", "::1/128")) {
            assertThat(AddressRange.parse(good)).as(good).isPresent();
        }
        for (var bad :
                List.of("192.0.2.1/33", "192.0.2.1/128", "::1/129", "::1/999", "::1/1000", "::ffff:192.0.2.1/129")) {
            assertThat(AddressRange.parse(bad)).as(bad).isEmpty();
        }
    }

    @Example
    void singleAddressHasNoBlockPortOrZone() {
        for (var text : List.of(
                "",
                "x",
                "localhost",
                "192.0.2.256",
                "192.0.2",
                "192.0.2.1/32",
                "192.0.2.1:443",
                "192.0.2.1, 192.0.2.2",
                " 192.0.2.1",
                "010.0.0.1",
                "[::1]",
                "fe80::1%eth0")) {
            assertThat(AddressRange.parseAddress(text)).as(text).isEmpty();
        }
        assertThat(AddressRange.parseAddress("192.0.2.1")).isPresent();
        assertThat(AddressRange.parseAddress("::1")).isPresent();
    }

    @Example
    void blockOfAllAddressesIsWrittenWithZerosOnly() {
        for (var good : List.of("0.0.0.0/0", "::/0", "0:0:0:0:0:0:0:0/0", "::ffff:0.0.0.0/96", "::ffff:0:0/96")) {
            assertThat(AddressRange.parse(good)).as(good).isPresent();
        }
        for (var bad : List.of("203.0.113.7/0", "0.0.0.1/0", "128.0.0.0/0", "2001:db8::/0", "::1/0", "8000::/0")) {
            assertThat(AddressRange.parse(bad)).as(bad).isEmpty();
        }
        assertThat(range("255.0.0.0/1").cidr()).isEqualTo("128.0.0.0/1");
    }

    @Example
    void mappedBlockIsTheShortOneAndNoneIsWiderThanAllShortAddresses() {
        var written = Map.of(
                "::ffff:198.51.100.0/120", "198.51.100.0/24",
                "::FFFF:198.51.100.77/120", "198.51.100.0/24",
                "0:0:0:0:0:ffff:c633:6400/120", "198.51.100.0/24",
                "::ffff:198.51.100.7/128", "198.51.100.7/32",
                "::ffff:198.51.100.7/97", "128.0.0.0/1",
                "::ffff:0.0.0.0/96", "0.0.0.0/0");

        written.forEach((sent, cidr) -> assertThat(range(sent).cidr()).as(sent).isEqualTo(cidr));
        for (var bad : List.of(
                "::ffff:198.51.100.0/95",
                "::ffff:0.0.0.0/95",
                "::ffff:198.51.100.0/24",
                "::ffff:198.51.100.0/0",
                "::ffff:198.51.100.0/96",
                "::ffff:198.51.100.0/129")) {
            assertThat(AddressRange.parse(bad)).as(bad).isEmpty();
        }
    }

    @Example
    void noOtherFormOfALongAddressIsTakenForAShortOne() throws UnknownHostException {
        var written = Map.of(
                "::203.0.113.9", "::cb00:7109/128",
                "0:0:0:0:0:0:203.0.113.9", "::cb00:7109/128",
                "::0.0.0.1", "::1/128",
                "::203.0.113.0/120", "::cb00:7100/120",
                "64:ff9b::203.0.113.9", "64:ff9b::cb00:7109/128",
                "2002:cb00:7109::", "2002:cb00:7109::/128",
                "::fffe:203.0.113.9", "::fffe:cb00:7109/128",
                "::ffff:0:203.0.113.9", "::ffff:0:cb00:7109/128",
                "1:2:3:4:5:6:203.0.113.9", "1:2:3:4:5:6:cb00:7109/128");

        written.forEach((sent, cidr) -> assertThat(range(sent).cidr()).as(sent).isEqualTo(cidr));
        for (var sent : written.keySet()) {
            assertThat(range(sent).contains(InetAddress.getByName("203.0.113.9")))
                    .as(sent)
                    .isFalse();
        }
        for (var bad : List.of(
                "::1.2.3", "::1.2.3.4.5", "::256.2.3.4", "::1.2.3.4:5", "::01.2.3.4", "1:2:3:4:5:6:7:1.2.3.4")) {
            assertThat(AddressRange.parse(bad)).as(bad).isEmpty();
        }
    }

    @Property
    void mappedBlockIsTheShortOneWhoseBitsItHas(
            @ForAll @Size(4) byte[] address,
            @ForAll @IntRange(min = 1, max = 32) int bits,
            @ForAll @IntRange(max = 95) int tooWide,
            @ForAll boolean dotted)
            throws UnknownHostException {
        var shortOne = InetAddress.getByAddress(address).getHostAddress();
        var mapped = "::ffff:" + (dotted ? shortOne : inHexadecimal(address));

        assertThat(range(mapped + "/" + (bits + 96))).isEqualTo(range(shortOne + "/" + bits));
        assertThat(range(mapped)).isEqualTo(range(shortOne));
        assertThat(AddressRange.parse(mapped + "/" + tooWide)).isEmpty();
    }

    @Property
    void longAddressWithADottedEndIsTheSameInHexadecimal(
            @ForAll @Size(12) byte[] start, @ForAll @Size(4) byte[] end, @ForAll @IntRange(min = 1, max = 128) int bits)
            throws UnknownHostException {
        var first = HexFormat.ofDelimiter(":").formatHex(start).replaceAll("(..):(..)", "$1$2");
        var dotted = first + ":" + InetAddress.getByAddress(end).getHostAddress();

        assertThat(range(dotted + "/" + bits)).isEqualTo(range(first + ":" + inHexadecimal(end) + "/" + bits));
    }

    @Example
    void whatIsNoAddressIsRefused() {
        for (var text : List.of(
                "x",
                "192.0.2",
                "192.0.2.256",
                "192.0.2.1.1",
                "010.0.0.1",
                "0x7f.0.0.1",
                "192.0.2.1/",
                "192.0.2.1/-1",
                "192.0.2.1/01",
                "192.0.2.1/24/24",
                "192.0.2.1/255.255.255.0",
                "192.0.2.1-192.0.2.9",
                "192.0.2.*",
                "192.0.2.1,192.0.2.2",
                " 192.0.2.1",
                "192.0.2.1 ",
                "192.0.2.1:443",
                "http://192.0.2.1",
                "1::2::3",
                "12345::1",
                "\u0661.1.1.1",
                "",
                "/",
                "/8",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.4/",
                "1.2.3.4/-1",
                "1.2.3.4/+1",
                "1.2.3.4/08",
                "1.2.3.4/8/8",
                " 1.2.3.4",
                "1.2.3.4\n",
                "1.2.3.4 /8",
                "0x7f.1",
                "::1::",
                ":::",
                "12345::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "fe80::1%eth0",
                "[::1]",
                "localhost",
                "example.com",
                "cafe",
                "dead.beef",
                "1.2.3.4:80",
                "\u0661.2.3.4")) {
            assertThat(AddressRange.parse(text)).as(text).isEmpty();
            assertThat(AddressRange.parseAddress(text)).as(text).isEmpty();
        }
    }

    @Example
    void namesThatLookLikeHexadecimalAreNotLookedUp() {
        Assertions.assertTimeout(Duration.ofMillis(500), () -> {
            for (var name : List.of("cafe.de", "dead.beef.face", "a.bad.cafe", "fade.cc", "abc.de")) {
                assertThat(AddressRange.parse(name)).isEmpty();
            }
        });
    }

    @Property
    void anyTextIsReadWithoutAnException(@ForAll String text, @ForAll("nearly") String nearly) {
        for (var one : List.of(text, nearly, nearly + "/" + text, "1.2.3.4/" + text)) {
            AddressRange.parse(one).ifPresent(range -> assertThat(AddressRange.parse(range.cidr()))
                    .map(AddressRange::cidr)
                    .contains(range.cidr()));
        }
    }

    @Property
    void blockContainsWhatHasItsPrefixOfTheSameFamily(
            @ForAll @Size(4) byte[] one, @ForAll @Size(4) byte[] other, @ForAll @IntRange(min = 1, max = 32) int bits)
            throws UnknownHostException {
        checkPrefix(one, other, bits, 32);
    }

    @Property
    void blockOfLongAddressesContainsWhatHasItsPrefix(
            @ForAll("long") byte[] one, @ForAll("long") byte[] other, @ForAll @IntRange(min = 1, max = 128) int bits)
            throws UnknownHostException {
        checkPrefix(one, other, bits, 128);
    }

    @Property
    void neighbourWhoseFirstOtherBitIsBehindThePrefixIsInTheBlock(
            @ForAll @Size(4) byte[] address,
            @ForAll @IntRange(min = 1, max = 32) int bits,
            @ForAll @IntRange(max = 31) int flipped)
            throws UnknownHostException {
        var neighbour = address.clone();
        neighbour[flipped / 8] ^= (byte) (0x80 >> (flipped % 8));
        var block = range(InetAddress.getByAddress(address).getHostAddress() + "/" + bits);

        assertThat(block.contains(InetAddress.getByAddress(neighbour))).isEqualTo(flipped >= bits);
    }

    @Example
    void mappedAddressIsTheShortOneAndFamiliesAreApart() throws UnknownHostException {
        var shortOne = InetAddress.getByName("192.0.2.1");

        assertThat(AddressRange.parseAddress("::ffff:192.0.2.1")).contains(shortOne);
        assertThat(range("::ffff:192.0.2.1").contains(shortOne)).isTrue();
        assertThat(range("::/0").contains(shortOne)).isFalse();
        assertThat(range("0.0.0.0/0").contains(InetAddress.getByName("2001:db8::1")))
                .isFalse();
    }

    @Example
    void zoneOfASocketAddressIsLeftOut() throws UnknownHostException {
        var local = InetAddress.getByName("fe80::1").getAddress();

        var zoned = Inet6Address.getByAddress(null, local, 2);

        assertThat(AddressRange.text(zoned)).isEqualTo("fe80::1");
        assertThat(range("fe80::1").contains(zoned)).isTrue();
    }

    @Provide
    Arbitrary<String> nearly() {
        return Arbitraries.strings().withChars("0123456789abcdefF:./%").ofMaxLength(45);
    }

    /** Not of those that are mapped from the other family. */
    @Provide("long")
    Arbitrary<byte[]> longAddresses() {
        return Arbitraries.bytes().array(byte[].class).ofSize(16).map(bytes -> {
            bytes[0] = 0x20;
            return bytes;
        });
    }

    private static void checkPrefix(byte[] one, byte[] other, int bits, int most) throws UnknownHostException {
        var block = range(InetAddress.getByAddress(one).getHostAddress() + "/" + bits);
        var same =
                new BigInteger(1, one).shiftRight(most - bits).equals(new BigInteger(1, other).shiftRight(most - bits));

        assertThat(block.contains(InetAddress.getByAddress(one))).isTrue();
        assertThat(block.contains(InetAddress.getByAddress(other))).isEqualTo(same);
    }

    private static String inHexadecimal(byte[] four) {
        return HexFormat.of().formatHex(four).replaceAll("^(....)", "$1:");
    }

    private static AddressRange range(String text) {
        return AddressRange.parse(text).orElseThrow(() -> new AssertionError("no range: " + text));
    }
}
