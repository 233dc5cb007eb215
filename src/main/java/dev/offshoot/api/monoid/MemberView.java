package dev.offshoot.api.monoid;

import dev.offshoot.member.Member;
import org.jspecify.annotations.Nullable;

/** A member as the Monoid API shows it. */
public record MemberView(
        String userId,
        String role,
        @Nullable String email,
        @Nullable String name,
        @Nullable String imageUrl) {

    static MemberView of(Member member) {
        return new MemberView(member.userId(), member.role().text(), member.email(), member.name(), member.imageUrl());
    }
}
