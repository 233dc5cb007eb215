package dev.offshoot.api.cloudmanager;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

class DigestCredentialsTest {
    private static final int LIMIT = 9 * 1024;
    private static final String RESPONSE = "8ca523f5e9506fed4657c9700eebdbec";

    /** The MD5 example of RFC 7616, section 3.9.1: user Mufasa, password "Circle of Life". */
    private static final DigestCredentials OF_THE_RFC = new DigestCredentials(
            "Mufasa",
            "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            "/dir/index.html",
            "00000001",
            "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            RESPONSE);

    /** The MD5 of {@code Mufasa:http-auth@example.org:Circle of Life}. */
    private static final byte[] HA1_OF_THE_RFC = HexFormat.of().parseHex("3d78807defe7de2157e2b0b6573a855f");

    @Example
    void responseIsTheOneOfTheRfc() {
        assertThat(OF_THE_RFC.areOfOneWhoKnows(HA1_OF_THE_RFC, "GET")).isTrue();
    }

    @Example
    void responseOfAnotherMethodOrSecretIsRefused() {
        var other = HA1_OF_THE_RFC.clone();
        other[15] ^= 1;

        assertThat(OF_THE_RFC.areOfOneWhoKnows(HA1_OF_THE_RFC, "HEAD")).isFalse();
        assertThat(OF_THE_RFC.areOfOneWhoKnows(HA1_OF_THE_RFC, "get")).isFalse();
        assertThat(OF_THE_RFC.areOfOneWhoKnows(other, "GET")).isFalse();
    }

    @Property
    void responseWithAnyOtherPartIsRefused(@ForAll @IntRange(max = 4) int part, @ForAll("tokens") String other) {
        var parts = new ArrayList<>(
                List.of(OF_THE_RFC.nonce(), OF_THE_RFC.uri(), OF_THE_RFC.count(), OF_THE_RFC.clientNonce(), RESPONSE));
        var same = parts.set(part, part == 4 ? "0".repeat(32) : other).equals(other);
        var changed = new DigestCredentials(
                OF_THE_RFC.username(), parts.get(0), parts.get(1), parts.get(2), parts.get(3), parts.get(4));

        assertThat(changed.areOfOneWhoKnows(HA1_OF_THE_RFC, "GET")).isEqualTo(same);
    }

    @Example
    void qualityAlgorithmAndCountMayBeQuotedOrBare() {
        for (var written : List.of("%s", "\"%s\"")) {
            var header = header(Map.of(
                    "qop", written.formatted("auth"),
                    "algorithm", written.formatted("MD5"),
                    "nc", written.formatted("00000001")));

            assertThat(DigestCredentials.parse(header)).contains(OF_THE_RFC);
        }
    }

    @Example
    void missingAlgorithmMeansMd5() {
        assertThat(DigestCredentials.parse(without("algorithm"))).contains(OF_THE_RFC);
    }

    @Property
    void parametersMayComeInAnyOrderAndSpacing(
            @ForAll("orders") List<String> names, @ForAll("gaps") String gap, @ForAll("schemes") String scheme) {
        var list =
                names.stream().map(name -> name + "=" + parameters().get(name)).collect(joining(gap));

        assertThat(DigestCredentials.parse(scheme + list)).contains(OF_THE_RFC);
    }

    @Example
    void namesOfParametersAreReadInAnyCase() {
        var list = parameters().entrySet().stream()
                .map(entry -> entry.getKey().toUpperCase(Locale.ROOT) + "=" + entry.getValue())
                .collect(joining(", "));

        assertThat(DigestCredentials.parse("Digest " + list)).contains(OF_THE_RFC);
    }

    @Example
    void unknownParametersAreIgnored() {
        var header = header(Map.of("opaque", "\"a, b=c\"", "userhash", "false", "x-more", "\"\""));

        assertThat(DigestCredentials.parse(header)).contains(OF_THE_RFC);
    }

    @Example
    void parameterThatIsThereTwiceIsRefused() {
        for (var entry : parameters().entrySet()) {
            var again = header(Map.of()) + ", " + entry.getKey() + "=" + entry.getValue();

            assertThat(DigestCredentials.parse(again)).as(again).isEmpty();
        }
        assertThat(DigestCredentials.parse(header(Map.of()) + ", x=1, X=1")).isEmpty();
    }

    @Example
    void missingParameterIsRefused() {
        assertThat(DigestCredentials.parse(header(Map.of()))).contains(OF_THE_RFC);
        for (var name : List.of("username", "realm", "nonce", "uri", "nc", "cnonce", "response", "qop")) {
            assertThat(DigestCredentials.parse(without(name))).as(name).isEmpty();
        }
    }

    @Example
    void otherAlgorithmQualityOrRealmIsRefused() {
        for (var algorithm : List.of("MD5-sess", "SHA-256", "SHA-512-256", "\"\"", "MD5,SHA-256", "\"MD5 \"")) {
            refused("algorithm", algorithm);
        }
        for (var quality : List.of("auth-int", "\"auth,auth-int\"", "\"auth-int,auth\"", "\"\"", "AUTH", "\" auth\"")) {
            refused("qop", quality);
        }
        for (var realm : List.of("\"\"", "\"MMS public API\"", "\"MMS Public API \"", "\"http-auth@example.org\"")) {
            refused("realm", realm);
        }
    }

    @Example
    void countIsReadAsHexadecimalAndKeptAsSent() {
        var counts = Map.of("1", 1L, "00000001", 1L, "42", 0x42L, "0000002a", 42L, "2A", 42L, "ffffffff", 0xffffffffL);
        counts.forEach((sent, value) -> assertThat(DigestCredentials.parse(header(Map.of("nc", sent))))
                .hasValueSatisfying(found -> {
                    assertThat(found.count()).isEqualTo(sent);
                    assertThat(found.countValue()).isEqualTo(value);
                }));
    }

    @Example
    void countThatIsNoneIsRefused() {
        for (var count :
                List.of("", "\"\"", "000000001", "0x1", "-1", "+1", "g", "\"1 \"", "\"00000001,\"", "1.0", "\u0661")) {
            refused("nc", count);
        }
    }

    @Example
    void responseThatIsNoneIsRefused() {
        for (var response : List.of("\"\"", "x", RESPONSE.substring(1), RESPONSE + "0", "g" + RESPONSE.substring(1))) {
            refused("response", response);
        }
    }

    @Example
    void responseIsReadInEitherCase() {
        assertThat(DigestCredentials.parse(header(Map.of("response", RESPONSE.toUpperCase(Locale.ROOT)))))
                .contains(OF_THE_RFC);
    }

    @Example
    void quotedPairsAreTheCharacterTheyEscape() {
        var header = header(Map.of("username", "\"a\\\"b\\\\c\\d\"", "uri", "\"/x?name=a\\\\, b=\\\"c\""));

        assertThat(DigestCredentials.parse(header)).hasValueSatisfying(found -> {
            assertThat(found.username()).isEqualTo("a\"b\\cd");
            assertThat(found.uri()).isEqualTo("/x?name=a\\, b=\"c");
        });
    }

    @Example
    void lengthIsBounded() {
        var length = header(Map.of("opaque", "\"\"")).length();
        var longest = header(Map.of("opaque", "\"" + "x".repeat(LIMIT - length) + "\""));
        var tooLong = header(Map.of("opaque", "\"" + "x".repeat(LIMIT - length + 1) + "\""));

        assertThat(longest).hasSize(LIMIT);
        assertThat(DigestCredentials.parse(longest)).contains(OF_THE_RFC);
        assertThat(DigestCredentials.parse(tooLong)).isEmpty();
    }

    @Example
    void otherSchemesAreRefused() {
        var list = header(Map.of()).substring("Digest".length());

        for (var scheme : List.of("", "Basic", "Bearer", "Digestion", "Negotiate Digest", "\"Digest\"", "Digest,")) {
            assertThat(DigestCredentials.parse(scheme + list)).as(scheme).isEmpty();
        }
        assertThat(DigestCredentials.parse("Digest" + list.strip())).isEmpty();
    }

    @Example
    void partsThatAreNoParametersAreRefused() {
        var header = header(Map.of());
        for (var tail :
                List.of(", x", ", =1", ", x=\"", ", x=\"\\", ", \"x\"=1", ", x=1 2", "; x=1", "\"", ", x=a\"b", "\\")) {
            assertThat(DigestCredentials.parse(header + tail)).as(tail).isEmpty();
        }
        assertThat(DigestCredentials.parse("Digest")).isEmpty();
        assertThat(DigestCredentials.parse("Digest ")).isEmpty();
    }

    @Property
    void anyTextIsAnsweredSoonAndWithoutAnException(@ForAll String text) {
        readSoon(text);
        readSoon("Digest " + text);
        readSoon(header(Map.of()) + text);
        readSoon(header(Map.of("username", "\"" + text + "\"", "nc", text, "response", text)));
    }

    @Property
    void anyPilesOfWhatMattersToTheParserAreAnsweredSoonAndWithoutAnException(
            @ForAll @Size(max = 40) List<@net.jqwik.api.From("pieces") String> pieces,
            @ForAll @IntRange(min = 1, max = 3000) int times) {
        var pile = String.join("", pieces);
        readSoon("Digest " + pile);
        readSoon("Digest " + pile.repeat(times));
        readSoon(header(Map.of()) + pile);
    }

    @Example
    void longRunsOfOneThingAreAnsweredSoonAndWithoutAnException() {
        for (var run :
                List.of("\\", "\"", "\\\"", "\\\\", ",", " ", "=", "a", "a=", "a=\"", "a=b,", "a=\"\\x\",", "\t,")) {
            for (var length : List.of(10, LIMIT / 3, 100_000)) {
                readSoon("Digest " + run.repeat(length));
                readSoon("Digest a=\"" + run.repeat(length));
                readSoon("Digest a=\"" + run.repeat(length) + "\"");
                readSoon(run.repeat(length));
                readSoon("Digest" + " ".repeat(length) + run);
            }
        }
    }

    @Example
    void textTellsNoneOfTheProof() {
        assertThat(OF_THE_RFC.toString()).contains("Mufasa").doesNotContain(RESPONSE, OF_THE_RFC.clientNonce());
    }

    @Provide
    Arbitrary<String> tokens() {
        return Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars("/:")
                .ofMinLength(1)
                .ofMaxLength(20);
    }

    @Provide
    Arbitrary<List<String>> orders() {
        return Arbitraries.shuffle(List.copyOf(parameters().keySet()));
    }

    @Provide
    Arbitrary<String> gaps() {
        return Arbitraries.of(",", ", ", " , ", ",\t", ",,", " ,  , ");
    }

    @Provide
    Arbitrary<String> schemes() {
        return Arbitraries.of("Digest ", "digest ", "DIGEST  ", "Digest\t", "Digest , ");
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(
                "\"",
                "\\",
                "\\\"",
                ",",
                "=",
                " ",
                "\t",
                "\r\n",
                "Digest ",
                "nc=",
                "nc=\"1\"",
                "uri=\"/\"",
                "realm=",
                "username=\"",
                "x",
                "\u0000",
                "\u00ff",
                "\ud800",
                "\u0130",
                "auth");
    }

    private static void refused(String name, String value) {
        assertThat(DigestCredentials.parse(header(Map.of(name, value))))
                .as(name + "=" + value)
                .isEmpty();
    }

    private static void readSoon(String header) {
        Assertions.assertTimeout(Duration.ofMillis(500), () -> {
            var found = DigestCredentials.parse(header);
            assertThat(found.map(DigestCredentials::countValue).orElse(0L)).isNotNegative();
            found.ifPresent(credentials -> credentials.areOfOneWhoKnows(HA1_OF_THE_RFC, "GET"));
        });
    }

    private static Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("username", "\"" + OF_THE_RFC.username() + "\"");
        parameters.put("realm", "\"MMS Public API\"");
        parameters.put("uri", "\"" + OF_THE_RFC.uri() + "\"");
        parameters.put("algorithm", "MD5");
        parameters.put("nonce", "\"" + OF_THE_RFC.nonce() + "\"");
        parameters.put("nc", OF_THE_RFC.count());
        parameters.put("cnonce", "\"" + OF_THE_RFC.clientNonce() + "\"");
        parameters.put("qop", "auth");
        parameters.put("response", "\"" + RESPONSE + "\"");
        return parameters;
    }

    private static String header(Map<String, String> changes) {
        var parameters = parameters();
        parameters.putAll(changes);
        return header(parameters, "");
    }

    private static String without(String name) {
        return header(parameters(), name);
    }

    private static String header(Map<String, String> parameters, String leftOut) {
        return parameters.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(leftOut))
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(joining(", ", "Digest ", ""));
    }
}
