package dev.offshoot.api.partner;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * The body that rotates a key.
 *
 * @param overlapSeconds how long predecessor and successor are both good, up to a week; 0 where it is absent
 */
@RegisterForReflection
record RotateKeyRequest(
        @Range(max = MAX_OVERLAP_SECONDS) @Nullable Long overlapSeconds) {
    private static final long MAX_OVERLAP_SECONDS = 7 * 24 * 60 * 60;

    Duration overlap() {
        return Duration.ofSeconds(overlapSeconds == null ? 0 : overlapSeconds);
    }
}
