package dev.offshoot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.organisation.ExpectedState;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationChange;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Scopes;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.OrgId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes of an expected state when somebody else changes the organisation between the read and the write. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class LostRaceTest {
    @Inject
    Organisations organisations;

    @Inject
    Deletion deletion;

    private final PartnerClient partner = PartnerClient.newPartner();
    private final String id = partner.create("Before").id();
    private final OrganisationRef ref = OrganisationRef.to(OrgId.of(id));
    private OrgScope scope = Scopes.ofAnOrganisation();

    private enum Change {
        RENAME,
        DELETE
    }

    /** Expects the first state that is read, and has somebody else make a change while that one is looked at. */
    private final class Meanwhile implements ExpectedState {
        private final boolean isShown;
        private String expected = "";
        private int looks;

        Meanwhile(boolean isShown) {
            this.isShown = isShown;
        }

        @Override
        public boolean fits(String tag) {
            looks++;
            if (looks == 1) {
                expected = tag;
                Stored.changeElsewhere(id, isShown);
            }
            return tag.equals(expected);
        }
    }

    @BeforeEach
    void open() {
        scope = Scopes.of(MonoidClient.of(partner).list("").objectIds().get(0));
    }

    @ParameterizedTest
    @EnumSource
    void changeThatIsShownIsKeptAndFailsTheOther(Change change) {
        var meanwhile = new Meanwhile(true);

        assertThatThrownBy(() -> make(change, meanwhile).await().indefinitely())
                .isInstanceOfSatisfying(FailureException.class, thrown -> assertThat(thrown.failure())
                        .isEqualTo(new Failure.PreconditionFailed()));

        assertThat(meanwhile.looks).isEqualTo(2);
        assertThat(partner.get(id).name()).isEqualTo("Changed elsewhere");
    }

    @ParameterizedTest
    @EnumSource
    void changeThatIsNotShownIsKeptAndLeavesTheOtherToSucceed(Change change) {
        var meanwhile = new Meanwhile(false);

        var changed = make(change, meanwhile).await().indefinitely();

        assertThat(meanwhile.looks).isEqualTo(2);
        assertThat(changed.stateTag()).isEqualTo(id + "-2");
        assertThat(Stored.organisation(id))
                .containsEntry("limits", Stored.LIMITS_OF_ELSEWHERE)
                .containsEntry("deleted", change == Change.DELETE)
                .containsEntry("name", change == Change.DELETE ? "Before" : "After");
    }

    private Uni<Organisation> make(Change change, ExpectedState expected) {
        return switch (change) {
            case RENAME ->
                organisations.update(scope, ref, expected, OrganisationChange.rename(new DisplayName("After")));
            case DELETE -> deletion.delete(scope, ref, expected);
        };
    }
}
