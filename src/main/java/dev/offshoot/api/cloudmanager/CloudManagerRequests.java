package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.read.RequestReader;
import dev.offshoot.invitation.InvitationRole;
import jakarta.inject.Singleton;
import jakarta.validation.Validator;

/** Reads this API's bodies. Attributes that a call does not know are ignored, as the original does. */
@Singleton
class CloudManagerRequests extends RequestReader {
    CloudManagerRequests(Validator validator) {
        super(camelCase(validator)
                .text(KeyRole.class, KeyRole::parse)
                .text(InvitationRole.class, InvitationRole::parse));
    }
}
