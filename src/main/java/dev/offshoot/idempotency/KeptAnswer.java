package dev.offshoot.idempotency;

import dev.offshoot.digest.Sealed;
import dev.offshoot.value.OrgId;
import org.jspecify.annotations.Nullable;

/** An {@link Answer} as it is stored, with its body sealed. */
public record KeptAnswer(
        int status, @Nullable String tag, @Nullable OrgId shows, Sealed body) {}
