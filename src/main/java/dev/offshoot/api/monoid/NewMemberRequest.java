package dev.offshoot.api.monoid;

import dev.offshoot.member.MemberRole;
import dev.offshoot.member.NewMember;
import dev.offshoot.member.Profile;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.EmailAddress;
import dev.offshoot.value.Identifier;
import dev.offshoot.value.WebUrl;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/**
 * The body that adds a member.
 *
 * @param userId the client's own identifier of the person
 */
@RegisterForReflection
record NewMemberRequest(
        @NotNull Identifier userId,
        @NotNull MemberRole role,
        @Nullable EmailAddress email,
        @Nullable DisplayName name,
        @Nullable WebUrl imageUrl) {

    NewMember toNewMember() {
        var profile = new Profile(
                email == null ? null : email.text(),
                name == null ? null : name.text(),
                imageUrl == null ? null : imageUrl.text());
        return new NewMember(userId.text(), role, profile);
    }
}
