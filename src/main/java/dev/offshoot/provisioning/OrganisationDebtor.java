package dev.offshoot.provisioning;

import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.owed.Debtor;
import dev.offshoot.scope.Located;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;

/** What creations and deletions of organisations left undone. */
@Singleton
class OrganisationDebtor implements Debtor {
    private static final int BATCH = 500;

    private final OrganisationRepository organisations;
    private final Settlement settlement;

    OrganisationDebtor(OrganisationRepository organisations, Settlement settlement) {
        this.organisations = organisations;
        this.settlement = settlement;
    }

    @Override
    public String name() {
        return "organisations";
    }

    @Override
    public Uni<Integer> settle(Instant waitingSince) {
        return organisations.owing(waitingSince, BATCH).chain(owing -> settleEach(owing, this::settle));
    }

    /** Settling comes first: what it lays on the organisation, it also lays on all beneath. */
    private Uni<Void> settle(Located<Organisation> owing) {
        var organisation = owing.record();
        var settled = settlement.settle(owing.scope(), organisation);
        return organisation.deleted()
                ? settled.chain(() -> settlement.cascade(owing.scope(), organisation))
                : settled.replaceWithVoid();
    }
}
