package dev.offshoot.api.connection;

import dev.offshoot.settings.Settings;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/**
 * Leaves HTTP/2 to TLS, where the handshake agrees on it, and bounds its streams. In the clear there is HTTP/1.1 alone: an
 * offer to upgrade is passed over (RFC 9110, section 7.8), which is what clients expect that send one with every request.
 */
@Singleton
class ServerOptions implements HttpServerOptionsCustomizer {
    private final int maxStreams;

    ServerOptions(Settings settings) {
        this.maxStreams = settings.http().connections().maxStreams();
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setHttp2ClearTextEnabled(false);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        options.getInitialSettings().setMaxConcurrentStreams(maxStreams);
    }
}
