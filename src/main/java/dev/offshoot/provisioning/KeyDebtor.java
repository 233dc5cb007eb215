package dev.offshoot.provisioning;

import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.owed.Debtor;
import dev.offshoot.owed.Owing;
import dev.offshoot.owed.Settled;
import dev.offshoot.owed.Waiting;
import dev.offshoot.scope.Located;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Keys that were minted, some for an organisation that was then never made, or for a rotation that never was. */
@Singleton
class KeyDebtor implements Debtor {
    private static final int BATCH = 500;

    private final KeyRepository keys;
    private final Settlement settlement;
    private final Clock clock;

    KeyDebtor(KeyRepository keys, Settlement settlement, Clock clock) {
        this.keys = keys;
        this.settlement = settlement;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "keys";
    }

    @Override
    public Uni<Settled> settle(Instant waitingSince) {
        return keys.owing(waitingSince, BATCH).chain(owing -> settleEach(owing, this::settle));
    }

    @Override
    public Uni<List<Waiting>> waiting(int most) {
        return keys.owed(clock.instant(), most)
                .map(all -> all.stream().flatMap(Owing::waiting).toList());
    }

    private Uni<Void> settle(Located<ApiKey> minted) {
        return settlement
                .revokeIfStray(minted.scope(), minted.record(), clock.instant())
                .chain(() -> settlement.settle(minted.scope(), minted.record()))
                .replaceWithVoid();
    }
}
