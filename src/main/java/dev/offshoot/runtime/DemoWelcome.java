package dev.offshoot.runtime;

import dev.offshoot.apikey.KeySecret;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What a new demo store prints, once: the root partner's key and calls ready to paste. */
@Singleton
class DemoWelcome {
    private final int port;

    DemoWelcome(@ConfigProperty(name = "quarkus.http.port") int port) {
        this.port = port;
    }

    /** To standard output and not to the log, for it holds the key. */
    void print(KeySecret key) {
        System.out.println("""

                This is a demonstration with a new store. Its root partner's key is shown this once:

                  export OFFSHOOT_KEY=%s

                Create a customer organisation, list all, and read the API's description:

                  curl -s -H "x-api-key: $OFFSHOOT_KEY" -H "Content-Type: application/json" \\
                    -d '{"organisation_name":"Example Child Organisation","country":"GB","division_timezone":"Europe/London"}' \\
                    http://localhost:%d/organisations
                  curl -s -H "x-api-key: $OFFSHOOT_KEY" http://localhost:%d/organisations
                  http://localhost:%d/q/swagger-ui
                """.formatted(key.reveal(), port, port, port));
    }
}
