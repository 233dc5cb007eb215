package dev.offshoot.invitation;

import dev.offshoot.value.Parsed;

/** What a person is invited as. What each means, the vendor's own sign-in says. */
public enum InvitationRole {
    ORG_OWNER,
    ORG_GROUP_CREATOR,
    ORG_BILLING_ADMIN,
    ORG_READ_ONLY,
    ORG_MEMBER;

    public static final String RULE =
            "must be ORG_OWNER, ORG_GROUP_CREATOR, ORG_BILLING_ADMIN, ORG_READ_ONLY or ORG_MEMBER";

    public static Parsed<InvitationRole> parse(String raw) {
        return Parsed.choice(values(), InvitationRole::name, raw, RULE);
    }
}
