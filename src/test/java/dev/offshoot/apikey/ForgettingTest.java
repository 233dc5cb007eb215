package dev.offshoot.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.CuttingProxy;
import dev.offshoot.testing.CuttingProxy.Action;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ProxiedInstallation;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A look-up that was under way while its key was revoked, and that found it good, brings it back to nobody. */
@QuarkusTest
@WithTestResource(value = ProxiedInstallation.class, scope = TestResourceScope.MATCHING_RESOURCES)
class ForgettingTest {
    /** The key is found by the first command, its lineage by the second. */
    private static final int LINEAGE = 2;

    private final CuttingProxy proxy = ProxiedInstallation.proxy();

    private interface Deed extends Consumer<Deed.At> {
        record At(PartnerClient partner, String organisation, String path) {}
    }

    static Stream<Arguments> deeds() {
        return Stream.of(
                deed("revoked", at -> at.partner().revoke(at.path())),
                deed("expired", at -> at.partner().rotate(at.path(), Map.of())),
                deed("revoked", at -> at.partner()
                        .send("POST", "/api-keys/revoke", Map.of("organisation_id", at.organisation()))),
                deed("organisation_deleted", at -> at.partner().delete(at.organisation())));
    }

    private static Arguments deed(String code, Deed deed) {
        return Arguments.of(code, deed);
    }

    @AfterEach
    void heal() {
        proxy.heal();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deeds")
    void lookUpUnderWayCanNotBringAKeyBack(String code, Deed deed) throws Exception {
        var partner = PartnerClient.newPartner();
        var organisation = partner.create("Customer").id();
        var keys = PartnerClient.keysOf(organisation);
        var key = partner.mint(keys, "standard");
        partner.verify("x");

        proxy.arm(LINEAGE, Action.HOLD);
        var underWay = CompletableFuture.supplyAsync(() -> partner.verify(key.secret()));
        proxy.awaitHeld();
        try {
            deed.accept(new Deed.At(partner, organisation, keys + "/" + key.id()));
        } finally {
            proxy.release();
        }
        underWay.join();

        assertThat(partner.verify(key.secret()).code()).isEqualTo(code);
    }
}
