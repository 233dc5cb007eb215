package dev.offshoot.invitation;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** The slot that an invitation has, and nothing else of it. */
@RegisterForReflection
public record TakenSlot(String slot) {}
