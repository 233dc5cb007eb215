package dev.offshoot.member;

import org.jspecify.annotations.Nullable;

/** What is known of a member as a person. All of it may be unknown. */
public record Profile(
        @Nullable String email,
        @Nullable String name,
        @Nullable String imageUrl) {}
