package dev.offshoot.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.database.Command;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.telemetry.BackgroundWork;
import dev.offshoot.telemetry.DatabaseCommands;
import dev.offshoot.telemetry.Jobs;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What becomes of the recorded uses of keys when they can't be written. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class KeyUsesTest {
    private static final int PERMITS_OF_BACKGROUND_WORK = 20;

    @Inject
    KeyAuthenticator authenticator;

    @Inject
    DatabaseCommands commands;

    @Inject
    Jobs jobs;

    @Inject
    Clock clock;

    private final PartnerClient partner = PartnerClient.newPartner();
    private final List<UniEmitter<? super String>> underWay = new CopyOnWriteArrayList<>();

    @Test
    void usesThatACancelledFlushHasNotWrittenAreWrittenByTheNext() {
        var gate = new DatabaseGate(Uni.createFrom()::nothing, 100, new SimpleMeterRegistry(), commands, clock);
        gate.open();
        var uses = new KeyUses(new KeyRepository(gate), jobs, clock);
        var key = partner.mint("/api-keys", "standard");
        uses.count(caller(key.secret()), Optional.empty());
        for (var i = 0; i < PERMITS_OF_BACKGROUND_WORK; i++) {
            BackgroundWork.of(hold(gate)).subscribe().with(done -> {});
        }
        assertThat(underWay).hasSize(PERMITS_OF_BACKGROUND_WORK);

        BackgroundWork.of(uses.flush()).subscribe().with(done -> {}).cancel();
        underWay.forEach(each -> each.complete("done"));
        assertThat(partner.key("/api-keys/" + key.id()).lastUsedAt()).isNull();
        uses.flush().await().indefinitely();

        assertThat(partner.key("/api-keys/" + key.id()).lastUsedAt()).isNotNull();
    }

    private Uni<String> hold(DatabaseGate gate) {
        return gate.send(Command.SHORT_READ, commands.of("api_keys", "find"), () -> Uni.createFrom()
                .<String>emitter(underWay::add));
    }

    private Caller caller(String key) {
        return authenticator
                .authenticate(Optional.of(key), KeySource.at(Optional.empty()))
                .await()
                .indefinitely()
                .validCaller()
                .orElseThrow();
    }
}
