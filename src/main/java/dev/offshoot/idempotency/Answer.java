package dev.offshoot.idempotency;

import dev.offshoot.value.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it was given, and is given again.
 *
 * @param tag the entity tag, as it was sent; null without one
 * @param body the text, which may hold keys
 * @param shows the organisation that it shows, or shows keys of; null if it may always be given
 */
public record Answer(
        int status,
        @Nullable String tag,
        String body,
        @Nullable OrgId shows) {
    @Override
    public String toString() {
        return "Answer[" + status + "]";
    }
}
