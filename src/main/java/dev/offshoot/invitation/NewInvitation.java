package dev.offshoot.invitation;

import dev.offshoot.value.EmailAddress;
import dev.offshoot.value.KeyId;
import java.util.List;

/**
 * What a caller says of an invitation to be made.
 *
 * @param roles each once
 * @param by the caller's key
 * @param byDepth how deep the caller's organisation is in the tree
 */
public record NewInvitation(EmailAddress username, List<InvitationRole> roles, KeyId by, int byDepth) {
    public NewInvitation {
        roles = roles.stream().distinct().toList();
    }
}
