package dev.offshoot.api.monoid;

import dev.offshoot.api.read.BodyReader;
import dev.offshoot.apikey.Caller;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Problem;
import dev.offshoot.failure.Violation;
import dev.offshoot.member.MemberChange;
import dev.offshoot.member.MemberRole;
import dev.offshoot.member.NewMember;
import dev.offshoot.member.Profile;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationChange;
import dev.offshoot.plan.Plan;
import dev.offshoot.plan.PlanStatus;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.ExternalId;
import dev.offshoot.value.Identifier;
import dev.offshoot.value.Parsed;
import dev.offshoot.value.Patch;
import dev.offshoot.value.Rfc3339;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bodies of this API's calls. A field that a call does not know is a violation. */
final class Requests {
    private Requests() {}

    static NewOrganisation newOrganisation(byte[] body, Caller caller) {
        var fields = BodyReader.of(body);
        var name = fields.requiredText("name", DisplayName::parse);
        var id = fields.optionalText("id", ExternalId::parse);
        return fields.finish(() -> NewOrganisation.at(caller.locale(), name.orElseThrow(), id.orElse(null)));
    }

    /** A new name; the id may be sent along as long as it is what it was. */
    static Function<Organisation, OrganisationChange> rename(byte[] body, Caller caller) {
        var fields = BodyReader.of(body);
        var name = fields.requiredText("name", DisplayName::parse);
        var id = fields.textIfGiven("id", Parsed::good);
        var change = fields.finish(() -> OrganisationChange.rename(name.orElseThrow()));
        return organisation -> {
            requireSame("id", id.orElse(null), OrganisationView.idFor(caller.scope(), organisation));
            return change;
        };
    }

    static NewMember newMember(byte[] body) {
        var fields = BodyReader.of(body);
        var userId = fields.requiredText("userId", Identifier::parse);
        var role = fields.requiredText("role", MemberRole::parse);
        var email = fields.optionalText("email", Profile::parseEmail);
        var name = fields.optionalText("name", DisplayName::parseText);
        var imageUrl = fields.optionalText("imageUrl", Profile::parseImageUrl);
        return fields.finish(() -> new NewMember(
                userId.orElseThrow(),
                role.orElseThrow(),
                new Profile(email.orElse(null), name.orElse(null), imageUrl.orElse(null))));
    }

    /** At least one field; the user id may be sent along as long as it is what it was, and changes nothing. */
    static MemberChange memberChange(byte[] body, String userId) {
        var fields = BodyReader.of(body);
        var sentId = fields.textIfGiven("userId", Parsed::good);
        var role = fields.textIfGiven("role", MemberRole::parse).map(Patch::to).orElse(Patch.none());
        var email = clearable(fields, "email", Profile::parseEmail);
        var name = clearable(fields, "name", DisplayName::parseText);
        var imageUrl = clearable(fields, "imageUrl", Profile::parseImageUrl);
        if (fields.isEmpty()) {
            fields.refuse("body", Problem.Bare.NOTHING_GIVEN);
        }
        var change = fields.finish(() -> new MemberChange(role, email, name, imageUrl));
        requireSame("userId", sentId.orElse(null), userId);
        return change;
    }

    static Plan plan(byte[] body) {
        var fields = BodyReader.of(body);
        var customerId = fields.optionalText("customerId", Identifier::parse);
        var productId = fields.optionalText("productId", Identifier::parse);
        var productName = fields.optionalText("productName", DisplayName::parseText);
        var status = fields.requiredText("status", PlanStatus::parse);
        var startsAt = fields.optionalText("startsAt", Rfc3339::parse);
        var endsAt = fields.optionalText("endsAt", Rfc3339::parse);
        var canceledAt = fields.optionalText("canceledAt", Rfc3339::parse);
        return fields.finish(() -> new Plan(
                customerId.orElse(null),
                productId.orElse(null),
                productName.orElse(null),
                status.orElseThrow(),
                startsAt.orElse(null),
                endsAt.orElse(null),
                canceledAt.orElse(null)));
    }

    private static <T> Patch<T> clearable(BodyReader fields, String name, Function<String, Parsed<T>> parse) {
        var value = fields.optionalText(name, parse);
        return fields.has(name) ? Patch.to(value.orElse(null)) : Patch.none();
    }

    private static void requireSame(String field, @Nullable String sent, String current) {
        if (sent != null && !sent.equals(current)) {
            var changed = List.of(new Violation(field, Problem.Bare.READ_ONLY));
            throw new Failure.Invalid(Failure.Source.BODY, changed).asException();
        }
    }
}
