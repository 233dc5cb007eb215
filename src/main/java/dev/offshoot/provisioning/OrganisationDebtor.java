package dev.offshoot.provisioning;

import dev.offshoot.member.Seats;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.owed.Debtor;
import dev.offshoot.owed.Owing;
import dev.offshoot.owed.Settled;
import dev.offshoot.owed.Waiting;
import dev.offshoot.scope.Located;
import dev.offshoot.scope.OrgScope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** What writes to organisations left undone: creations, deletions, the coming and going of members. */
@Singleton
class OrganisationDebtor implements Debtor {
    private static final int BATCH = 500;

    private final OrganisationRepository organisations;
    private final Settlement settlement;
    private final Seats seats;
    private final Clock clock;

    OrganisationDebtor(OrganisationRepository organisations, Settlement settlement, Seats seats, Clock clock) {
        this.organisations = organisations;
        this.settlement = settlement;
        this.seats = seats;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "organisations";
    }

    @Override
    public Uni<Settled> settle(Instant waitingSince) {
        return organisations
                .owing(waitingSince, BATCH)
                .chain(owing -> settleEach(owing, found -> settle(found, waitingSince)));
    }

    @Override
    public Uni<List<Waiting>> waiting(int most) {
        return organisations
                .owed(clock.instant(), most)
                .map(all -> all.stream().flatMap(Owing::waiting).toList());
    }

    /** Settling comes first: what it lays on the organisation, it also lays on all beneath. */
    private Uni<Void> settle(Located<Organisation> owing, Instant waitingSince) {
        var organisation = owing.record();
        return settlement
                .settle(owing.scope(), organisation)
                .chain(() -> cascade(owing.scope(), organisation))
                .chain(() -> seats.settle(owing.scope(), organisation, waitingSince));
    }

    private Uni<Void> cascade(OrgScope scope, Organisation organisation) {
        return organisation.deleted()
                ? settlement.cascade(scope, organisation)
                : Uni.createFrom().voidItem();
    }
}
