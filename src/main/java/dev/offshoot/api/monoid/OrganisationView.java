package dev.offshoot.api.monoid;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.member.Member;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgScope;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An organisation as the Monoid API shows it.
 *
 * @param ownId the id of all APIs
 * @param id what the caller calls it: the external id of a direct child that has one, the id of all APIs for others
 * @param members absent where they were not asked for
 * @param plan absent where it was not asked for; empty, which is written as null, where there is none
 */
@SuppressWarnings("NullableOptional") // absent and null are two things to the client
public record OrganisationView(
        @JsonProperty("_id") String ownId,
        String id,
        String name,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<MemberView> members,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Optional<PlanView> plan) {

    static OrganisationView of(OrgScope caller, Organisation organisation) {
        return new OrganisationView(
                organisation.id().toString(), idFor(caller, organisation), organisation.name(), null, null);
    }

    /** What the caller calls it. */
    static String idFor(OrgScope caller, Organisation organisation) {
        var externalId = organisation.externalId();
        return externalId != null && Objects.equals(organisation.parent(), caller.root())
                ? externalId
                : organisation.id().toString();
    }

    OrganisationView with(List<Member> shown) {
        return new OrganisationView(
                ownId, id, name, shown.stream().map(MemberView::of).toList(), plan);
    }

    OrganisationView withPlanOf(Organisation organisation) {
        return new OrganisationView(
                ownId,
                id,
                name,
                members,
                Optional.ofNullable(organisation.plan()).map(PlanView::of));
    }
}
