package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.value.AddressRange;
import java.util.Optional;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Authorities are read by hand, because every request has one. This holds them to the grammar of RFC 3986. */
class AuthorityTest {
    private static final Pattern GRAMMAR =
            Pattern.compile("(?<host>(?:[A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2})+|\\[(?<address>[0-9A-Fa-f:.]+)])"
                    + "(?::(?<port>[0-9]{0,5}))?");

    @Property
    void isWhatTheGrammarSays(@ForAll("nearly") String text) {
        assertThat(Authority.parse(text).map(Authority::text)).isEqualTo(byTheGrammar(text));
    }

    @Example
    void emptyPortCountsAsNone() {
        assertThat(Authority.parse("example.com:").map(Authority::text)).contains("example.com");
        assertThat(Authority.parse("[::1]:").map(Authority::text)).contains("[::1]");
    }

    @Example
    void portsEndAtTheGreatest() {
        assertThat(Authority.parse("a:65535")).isPresent();
        assertThat(Authority.parse("a:65536")).isEmpty();
        assertThat(Authority.parse("a:000080")).isEmpty();
    }

    @Example
    void namesAreOfAsciiCharacters() {
        assertThat(Authority.parse("caf%C3%A9.example")).isPresent();
        assertThat(Authority.parse("caf\u00e9.example")).isEmpty();
    }

    @Provide
    Arbitrary<String> nearly() {
        var host = Arbitraries.of(
                "a",
                "example.com",
                "a_b",
                "%41",
                "%4",
                "%zz",
                "[::1]",
                "[1:2]",
                "[",
                "]",
                "192.0.2.1",
                "",
                "\u00e9",
                "a,b",
                "[::1]a");
        var port = Arbitraries.of(
                "", ":", ":0", ":80", ":65535", ":65536", ":99999", ":000001", ":a", ":8:9", ":+1", ":\u0661");
        var any = Arbitraries.strings().withChars("ab1:[]%.-,/@\u00e9").ofMaxLength(12);
        return Arbitraries.oneOf(host.flatMap(name -> port.map(number -> name + number)), any);
    }

    private static Optional<String> byTheGrammar(String text) {
        var form = GRAMMAR.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        var address = form.group("address");
        var port = form.group("port");
        if (address != null && AddressRange.parseAddress(address).isEmpty()) {
            return Optional.empty();
        }
        if (port == null || port.isEmpty()) {
            return Optional.of(form.group("host"));
        }
        return Integer.parseInt(port) <= 65_535 ? Optional.of(text) : Optional.empty();
    }
}
