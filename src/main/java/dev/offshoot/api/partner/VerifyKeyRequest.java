package dev.offshoot.api.partner;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * The body of a verification.
 *
 * @param ip the address that the key was used from
 * @param count how many API requests it was used for; 1 where it is absent
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
