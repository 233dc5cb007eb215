package dev.offshoot.testing.model;

import dev.offshoot.testing.Http.Answer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a call asks for, and what the contract says of it. */
interface Operation {
    String method();

    /** Path and query, percent-encoded. */
    String target();

    default @Nullable String body() {
        return null;
    }

    /** Whether {@code Idempotency-Key} counts; other calls pass it over. */
    default boolean takesKey() {
        return true;
    }

    /** The fields of the body that are refused. */
    default Set<String> violations() {
        return Set.of();
    }

    /** The organisation that a good answer shows itself or something of. */
    default @Nullable String shows(Answer answer) {
        return answer.json().at("/data/organisation/organisation_id").textValue();
    }

    /** The answer to a call that is well-formed and not made before. The model changes when the answer is checked. */
    Expected expected(Call call, PartnerModel model);
}
