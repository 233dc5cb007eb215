package dev.offshoot.api.monoid;

import dev.offshoot.api.read.AtLeastOneField;
import dev.offshoot.api.read.PartialUpdate;
import dev.offshoot.member.MemberChange;
import dev.offshoot.member.MemberRole;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.EmailAddress;
import dev.offshoot.value.Patch;
import dev.offshoot.value.WebUrl;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/**
 * The body that changes a member. A null clears a field of the profile.
 *
 * @param userId may be sent along as long as it is what it was, and changes nothing
 */
@RegisterForReflection
@AtLeastOneField
record MemberChangeRequest(
        Patch<@NotNull(message = Patch.NOT_NULL) String> userId,
        Patch<@NotNull(message = Patch.NOT_NULL) MemberRole> role,
        Patch<EmailAddress> email,
        Patch<DisplayName> name,
        Patch<WebUrl> imageUrl)
        implements PartialUpdate {

    @Override
    public List<Patch<?>> patches() {
        return List.of(userId, role, email, name, imageUrl);
    }

    MemberChange toChange(String presentUserId) {
        RenameRequest.requireSame("userId", userId, presentUserId);
        return new MemberChange(
                role, email.map(EmailAddress::text), name.map(DisplayName::text), imageUrl.map(WebUrl::text));
    }
}
