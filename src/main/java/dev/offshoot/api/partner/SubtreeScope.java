package dev.offshoot.api.partner;

import dev.offshoot.failure.Problem.Form;
import dev.offshoot.value.Parsed;

/** The parameter {@code scope} of calls about one organisation or all beneath it too. */
final class SubtreeScope {
    private SubtreeScope() {}

    /** Whether all beneath it are asked for too. */
    static Parsed<Boolean> parse(String raw) {
        return raw.equals("subtree") || raw.equals("self")
                ? Parsed.good(raw.equals("subtree"))
                : Parsed.malformed(Form.SUBTREE_SCOPE);
    }
}
