package dev.offshoot.scope;

import dev.offshoot.value.OrgId;
import java.util.List;

/** Scopes without a stored record behind them, which nothing but a test may have. */
public final class Scopes {
    private Scopes() {}

    /** The scope of a new organisation that hangs beneath the root. */
    public static OrgScope ofAnOrganisation() {
        return new OrgScope(List.of(OrgId.mint(), OrgId.ROOT));
    }
}
