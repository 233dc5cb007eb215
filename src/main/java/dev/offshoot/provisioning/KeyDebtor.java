package dev.offshoot.provisioning;

import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.owed.Debtor;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;

/** Keys that were minted, some for an organisation that was then never made. */
@Singleton
class KeyDebtor implements Debtor {
    private static final int BATCH = 500;

    private final KeyRepository keys;
    private final Settlement settlement;

    KeyDebtor(KeyRepository keys, Settlement settlement) {
        this.keys = keys;
        this.settlement = settlement;
    }

    @Override
    public String name() {
        return "keys";
    }

    @Override
    public Uni<Integer> settle(Instant waitingSince) {
        return keys.owing(waitingSince, BATCH)
                .chain(owing -> settleEach(owing, minted -> settlement
                        .settle(minted.scope(), minted.record())
                        .replaceWithVoid()));
    }
}
