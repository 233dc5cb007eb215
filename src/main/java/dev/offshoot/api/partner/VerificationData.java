package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.apikey.KeyCheck;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The data of a verification. */
public record VerificationData(Verification verification) {

    /** The result; everything but the first two is null unless the key is valid. */
    public record Verification(
            boolean valid,
            String code,

            @JsonProperty("organisation_id") @Nullable String organisationId,

            @JsonProperty("organisation_key") @Nullable String organisationKey,

            @JsonProperty("key_id") @Nullable String keyId,
            @Nullable List<String> roles,

            @JsonProperty("expires_at") @Nullable Instant expiresAt) {}

    static VerificationData of(KeyCheck check) {
        return new VerificationData(
                check instanceof KeyCheck.Valid valid
                        ? of(valid)
                        : invalid(((KeyCheck.Invalid) check).reason().text()));
    }

    private static Verification of(KeyCheck.Valid valid) {
        var caller = valid.caller();
        return new Verification(
                true,
                "valid",
                caller.scope().root().toString(),
                caller.organisationKey(),
                caller.key().value(),
                KeyView.texts(caller.roles()),
                valid.expiresAt());
    }

    private static Verification invalid(String code) {
        return new Verification(false, code, null, null, null, null, null);
    }
}
