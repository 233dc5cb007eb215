package dev.offshoot.member;

import dev.offshoot.value.Parsed;
import java.util.Locale;

/** What a member is to its organisation. The client's product says what that means; here it only matters who owns it. */
public enum MemberRole {
    OWNER,
    ADMIN,
    MEMBER;

    public static final String RULE = "must be owner, admin or member";

    public static Parsed<MemberRole> parse(String raw) {
        return Parsed.choice(values(), MemberRole::text, raw, RULE);
    }

    /** As clients write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
