package dev.offshoot.member;

import dev.offshoot.value.Patch;

/** What may be changed of a member. Its role can't be cleared. */
public record MemberChange(Patch<MemberRole> role, Patch<String> email, Patch<String> name, Patch<String> imageUrl) {}
