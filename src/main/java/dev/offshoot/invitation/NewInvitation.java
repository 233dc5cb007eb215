package dev.offshoot.invitation;

import dev.offshoot.value.EmailAddress;
import dev.offshoot.value.KeyId;
import java.util.List;

/**
 * What a caller says of an invitation to be made.
 *
 * @param roles each once
 * @param by the caller's key
 */
public record NewInvitation(EmailAddress username, List<InvitationRole> roles, KeyId by) {
    public NewInvitation {
        roles = roles.stream().distinct().toList();
    }
}
