package dev.offshoot.testing.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Container;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.testing.attack.OwnAddressClient.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The packaged service in a container of the manifests, with a partner who behaves well and another who may not. Both talk to
 * it from addresses that a run can choose: with the same for both, the service can't tell them apart by it.
 */
public final class AttackedService implements AutoCloseable {
    /** Where attacks come from. */
    public static final String ATTACKERS = System.getProperty("attack.from", "127.0.0.66");

    /** Where everybody else is. */
    public static final String OTHERS = System.getProperty("attack.others", "127.0.0.1");

    private static final int CALLS_BEFORE = 90;

    private final Container container;
    private final ServiceProcess service;
    private final OwnAddressClient others;
    private final OwnAddressClient probes;
    private final Created partner;
    private final Created customer;
    private final Created attacker;

    private AttackedService(Container container, ServiceProcess service) throws IOException {
        this.container = container;
        this.service = service;
        others = new OwnAddressClient(service.base(), OTHERS);
        probes = new OwnAddressClient(service.management(), OTHERS);
        var root = service.client(Installation.rootKey());
        partner = root.createPartner("Partner");
        customer = service.client(partner.partnerKey()).create("Customer");
        attacker = root.createPartner("Attacker");
    }

    public static AttackedService start(Path folder, Container container) throws IOException {
        return start(folder, container, Map.of());
    }

    /** With those settings besides, or in the place of the usual ones. */
    public static AttackedService start(Path folder, Container container, Map<String, String> more) throws IOException {
        var settings = new HashMap<>(Certificate.settings(folder));
        settings.putAll(Map.of(
                "quarkus.mongodb.connection-string", TestDatabase.uri(),
                "quarkus.mongodb.database", TestDatabase.name(),
                "offshoot.root.key", Installation.rootKey(),
                "offshoot.key-encryption.current", Installation.encryptionKey()));
        settings.putAll(more);
        return new AttackedService(container, ServiceProcess.start(folder, settings, container));
    }

    public ServiceProcess process() {
        return service;
    }

    /** The partner who behaves well. */
    public PartnerClient partner() {
        return service.client(partner.partnerKey());
    }

    /** The partner who may not. */
    public Created attacker() {
        return attacker;
    }

    /** Calls as anybody else's. */
    public Reply send(String method, String path, Map<String, String> fields, @Nullable Object body)
            throws IOException {
        return others.send(method, path, fields, body);
    }

    /** Others have called before, as they have wherever an attack begins. A process is slow for the first calls of its life. */
    public AttackedService afterSomeCalls() throws IOException {
        for (var number = 0; number < CALLS_BEFORE; number++) {
            assertThat(ask(number)).isEqualTo(200);
        }
        return this;
    }

    /** Watches what others ask for in turn: an organisation, a verification, a creation. */
    public void assertOthersAreServed() throws InterruptedException, ExecutionException {
        assertOthersAreServed(number -> () -> ask(number));
    }

    /** Watches those calls of others while an attack is under way. */
    public void assertOthersAreServed(IntFunction<Callable<Integer>> call)
            throws InterruptedException, ExecutionException {
        Observation.of(service, probes, call).assertUnharmed(service, container.memoryBytes());
    }

    private int ask(int number) throws IOException {
        var credentials = Map.of("x-api-key", Objects.requireNonNull(partner.partnerKey()));
        var reply =
                switch (number % 3) {
                    case 0 -> others.send("GET", "/organisations/" + customer.id(), credentials, null);
                    case 1 ->
                        others.send("POST", "/api-keys/verify", credentials, Map.of("api_key", customer.apiKey()));
                    default ->
                        others.send("POST", "/organisations", credentials, PartnerClient.body("Created " + number));
                };
        return reply.status();
    }

    /** The biggest of the pages that need no key. */
    public String biggestOpenPage() throws IOException {
        var biggest = "";
        var length = -1;
        for (var page : List.of(
                "/q/openapi",
                "/q/openapi?format=json",
                "/q/openapi/cloud-manager",
                "/q/openapi/monoid",
                "/q/openapi/edge",
                "/q/swagger-ui/swagger-ui-bundle.js")) {
            var reply = others.send("GET", page, Map.of(), null);
            if (reply.status() == 200 && reply.body().length() > length) {
                biggest = page;
                length = reply.body().length();
            }
        }
        return biggest;
    }

    @Override
    public void close() throws IOException {
        others.close();
        probes.close();
        service.close();
    }
}
