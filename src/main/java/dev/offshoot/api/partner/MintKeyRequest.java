package dev.offshoot.api.partner;

import dev.offshoot.apikey.ApiKeys;
import dev.offshoot.apikey.Caller;
import dev.offshoot.apikey.NewKey;
import dev.offshoot.apikey.Role;
import dev.offshoot.failure.Violation;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.DisplayName;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body that mints a key. A null is an absent field.
 *
 * @param allowedIps absent or empty for everywhere
 */
@RegisterForReflection
record MintKeyRequest(
        @NotNull DisplayName name,
        @NotNull @Size(min = 1, max = MAX_ROLES) List<Role> roles,
        @Future @Nullable Instant expiresAt,
        @Size(max = ApiKeys.MAX_ENTRIES) @Nullable List<AddressRange> allowedIps) {

    /** As many as there are. */
    static final int MAX_ROLES = 5;

    /** A role that the caller may not hand out is as unknown to it as any other text. */
    List<Violation> unknownRoles(Caller caller) {
        var isKnown = roles == null || roles.stream().filter(Objects::nonNull).allMatch(caller.handles()::contains);
        return isKnown ? List.of() : List.of(Violation.of("roles", Role.RULE));
    }

    NewKey toNewKey() {
        return new NewKey(
                name.text(),
                roles.stream().distinct().sorted().toList(),
                expiresAt,
                allowedIps == null ? List.of() : allowedIps.stream().distinct().toList());
    }
}
