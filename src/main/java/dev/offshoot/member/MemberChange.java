package dev.offshoot.member;

import dev.offshoot.organisation.Change;

/** What may be changed of a member. Its role can't be cleared. */
public record MemberChange(
        Change<MemberRole> role, Change<String> email, Change<String> name, Change<String> imageUrl) {}
