package dev.offshoot.member;

import dev.offshoot.failure.Problem.Form;
import dev.offshoot.value.Parsed;
import java.util.Arrays;
import java.util.Locale;

/** What a member is to its organisation. The client's product says what that means; here it only matters who owns it. */
public enum MemberRole {
    OWNER,
    ADMIN,
    MEMBER;

    public static Parsed<MemberRole> parse(String raw) {
        return Arrays.stream(values())
                .filter(role -> role.text().equals(raw))
                .findFirst()
                .map(Parsed::good)
                .orElse(Parsed.malformed(Form.MEMBER_ROLE));
    }

    /** As clients write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
