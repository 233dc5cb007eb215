package dev.offshoot.api.partner;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call that verifies a key.
 *
 * @param ip the address that the key was used from
 * @param count how many API requests the key was used for; if absent, 1
 */
@RegisterForReflection
record VerifyKeyRequest(
        @NotNull String apiKey,
        @Nullable InetAddress ip,
        @Range(max = MAX_COUNT) @Nullable Long count) {
    private static final long MAX_COUNT = 1_000_000;

    Optional<InetAddress> from() {
        return Optional.ofNullable(ip);
    }

    long requests() {
        return Objects.requireNonNullElse(count, 1L);
    }

    @Override
    public String toString() {
        return "VerifyKeyRequest[count=" + count + "]";
    }
}
