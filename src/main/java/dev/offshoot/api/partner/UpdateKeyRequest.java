package dev.offshoot.api.partner;

import dev.offshoot.api.read.AtLeastOneField;
import dev.offshoot.api.read.PartialUpdate;
import dev.offshoot.api.read.ReadOnlyFields;
import dev.offshoot.apikey.ApiKeys;
import dev.offshoot.apikey.KeyUpdate;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.Patch;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;

/** The body that changes a key. A null clears the expiry or the list of addresses. */
@RegisterForReflection
@AtLeastOneField
@ReadOnlyFields({"key_id", "roles", "hint", "created_at", "last_used_at", "last_used_from", "revoked_at", "api_key"})
record UpdateKeyRequest(
        Patch<@NotNull(message = Patch.NOT_NULL) DisplayName> name,
        Patch<Instant> expiresAt,
        Patch<@Size(max = ApiKeys.MAX_ENTRIES) List<AddressRange>> allowedIps)
        implements PartialUpdate {

    @Override
    public List<Patch<?>> patches() {
        return List.of(name, expiresAt, allowedIps);
    }

    KeyUpdate toUpdate() {
        return new KeyUpdate(
                name.map(DisplayName::text), Patch.none(), expiresAt, allowedIps.map(ranges -> ranges.stream()
                        .distinct()
                        .toList()));
    }
}
