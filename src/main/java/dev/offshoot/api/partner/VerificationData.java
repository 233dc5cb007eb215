package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offshoot.apikey.Caller;
import dev.offshoot.apikey.Verdict;
import dev.offshoot.verification.KeyVerification.Verified;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The data of a verification. */
public record VerificationData(Verification verification) {

    /** What is to be said of the key; all but the first two are null unless it is valid. */
    public record Verification(
            boolean valid,
            String code,

            @JsonProperty("organisation_id") @Nullable String organisationId,

            @JsonProperty("organisation_key") @Nullable String organisationKey,

            @JsonProperty("key_id") @Nullable String keyId,
            @Nullable List<String> roles,

            @JsonProperty("expires_at") @Nullable Instant expiresAt) {}

    static VerificationData of(Verified verified) {
        var code = verified.verdict().name().toLowerCase(Locale.ROOT);
        var holder = verified.holder();
        return new VerificationData(new Verification(
                verified.verdict() == Verdict.VALID,
                code,
                holder.map(caller -> caller.scope().root().toString()).orElse(null),
                holder.map(Caller::organisationKey).orElse(null),
                holder.map(caller -> caller.key().value()).orElse(null),
                holder.map(caller -> KeyView.texts(caller.roles())).orElse(null),
                verified.expiresAt()));
    }
}
