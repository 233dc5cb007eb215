package dev.offshoot.api.http;

import dev.offshoot.value.AddressRange;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One address of {@code X-Forwarded-For}. Some proxies write the port behind it, and then an IPv6 address in brackets. */
final class ForwardedAddress {
    /** A colon and a port up to 65535, as a regular expression. */
    static final String PORT = ":(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

    private static final Pattern SHORT = Pattern.compile("([^:]*)(?:" + PORT + ")?");
    private static final Pattern BRACKETED = Pattern.compile("\\[([^]:]*+:[^]]*+)](?:" + PORT + ")?");

    private ForwardedAddress() {}

    /** The address; nothing for what is no address. */
    static Optional<InetAddress> parse(String written) {
        var text = written.strip();
        return Stream.of(SHORT, BRACKETED)
                .map(form -> form.matcher(text))
                .filter(Matcher::matches)
                .map(found -> found.group(1))
                .findFirst()
                .or(() -> Optional.of(text))
                .flatMap(AddressRange::parseAddress);
    }
}
