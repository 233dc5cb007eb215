package dev.offshoot.runtime.checks;

import static dev.offshoot.runtime.checks.Unsafe.severe;
import static dev.offshoot.runtime.checks.Unsafe.unusable;
import static dev.offshoot.runtime.checks.Unsafe.warning;

import dev.offshoot.settings.Settings;
import dev.offshoot.value.AddressRange;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.VertxHttpConfig.InsecureRequests;
import io.quarkus.vertx.http.runtime.management.ManagementConfig;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether keys cross a network in the clear, and whose word on a client's address is taken. */
@Singleton
class HttpSettings implements SettingCheck {
    private static final String TRUSTED_PROXIES = "OFFSHOOT_HTTP_TRUSTED_PROXIES";

    /**
     * Wide blocks that nobody else has: of private networks (RFC 1918, RFC 4193), of a provider's own (RFC 6598), of the
     * link (RFC 4291) and of this machine.
     */
    private static final List<AddressRange> OWN =
            ranges("10.0.0.0/8", "172.16.0.0/12", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "fe80::/10");

    /** As wide as the public addresses of one network may be; what is narrower is trusted on the operator's word. */
    private static final List<AddressRange> WIDEST = ranges("0.0.0.0/16", "::/32");

    private final VertxHttpConfig http;
    private final ManagementConfig management;
    private final TlsConfigurationRegistry tls;
    private final List<String> proxies;

    HttpSettings(VertxHttpConfig http, ManagementConfig management, TlsConfigurationRegistry tls, Settings config) {
        this.http = http;
        this.management = management;
        this.tls = tls;
        this.proxies = config.http().trustedProxies().orElse(List.of());
    }

    @Override
    public Stream<Unsafe> unsafe() {
        return Stream.concat(
                proxies.stream().map(HttpSettings::proxy).flatMap(Optional::stream),
                Stream.of(listening(), managing(), forwarding()).flatMap(Optional::stream));
    }

    private static Optional<Unsafe> proxy(String text) {
        var range = AddressRange.parse(text);
        if (range.isEmpty()) {
            return Optional.of(unusable(
                    TRUSTED_PROXIES,
                    "holds what is no address and no block: " + text,
                    "Write addresses or blocks, such as 10.1.2.3 or 10.1.0.0/16, separated by commas."));
        }
        return isOnesOwn(range.get())
                ? Optional.empty()
                : Optional.of(severe(
                        TRUSTED_PROXIES,
                        "trusts more than a network of your own, with " + text
                                + ": anybody there can claim any address, and so pass every access list",
                        "Name the addresses of your proxies."));
    }

    private static boolean isOnesOwn(AddressRange range) {
        return OWN.stream().anyMatch(range::isWithin) || WIDEST.stream().noneMatch(range::isWiderThan);
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts)
                .map(AddressRange::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Unsafe> listening() {
        var inTheClear = http.hostEnabled() && !isLoopback(http.host()) && !isEncrypted();
        return inTheClear && proxies.isEmpty()
                ? Optional.of(severe(
                        "QUARKUS_HTTP_HOST",
                        "is " + http.host() + ", where requests are answered without TLS, and no proxy is trusted: keys"
                                + " cross the network in the clear",
                        "Set " + TRUSTED_PROXIES + " to the addresses of the proxy that ends TLS; or"
                                + " QUARKUS_HTTP_SSL_CERTIFICATE_FILES and QUARKUS_HTTP_SSL_CERTIFICATE_KEY_FILES to a"
                                + " certificate and its key, with QUARKUS_HTTP_INSECURE_REQUESTS=disabled; or"
                                + " QUARKUS_HTTP_HOST=127.0.0.1."))
                : Optional.empty();
    }

    private boolean isEncrypted() {
        var certificate = http.ssl().certificate();
        var has = http.tlsConfigurationName().isPresent()
                || tls.getDefault().map(TlsConfiguration::getKeyStoreOptions).isPresent()
                || certificate.files().isPresent()
                || certificate.keyStoreFile().isPresent();
        return has && http.insecureRequests().orElse(InsecureRequests.ENABLED) != InsecureRequests.ENABLED;
    }

    /** In a container the platform asks it from outside; on one machine it is likely forgotten. */
    private Optional<Unsafe> managing() {
        return http.hostEnabled()
                        && isLoopback(http.host())
                        && management.hostEnabled()
                        && !isLoopback(management.host())
                ? Optional.of(warning(
                        "QUARKUS_MANAGEMENT_HOST",
                        "is " + management.host() + " while the APIs listen on " + http.host()
                                + ": metrics and health are open to the network",
                        "Set it to 127.0.0.1, or leave it where a firewall keeps others out."))
                : Optional.empty();
    }

    private Optional<Unsafe> forwarding() {
        return http.proxy().proxyAddressForwarding()
                ? Optional.of(severe(
                        "QUARKUS_HTTP_PROXY_PROXY_ADDRESS_FORWARDING",
                        "is on, which believes everybody's X-Forwarded-For: who sends one passes every access list",
                        "Take the setting out, and set " + TRUSTED_PROXIES + " instead."))
                : Optional.empty();
    }

    /** Whether only this machine can reach it. A name other than localhost is not looked up. */
    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || AddressRange.parseAddress(host.replaceAll("[\\[\\]]", ""))
                        .filter(InetAddress::isLoopbackAddress)
                        .isPresent();
    }
}
