package dev.offshoot.scope;

import dev.offshoot.testing.Stored;
import dev.offshoot.value.OrgId;
import java.util.List;
import org.bson.types.ObjectId;

/** Scopes without a caller, which nothing but a test may have. */
public final class Scopes {
    private Scopes() {}

    /** The scope of a new organisation that hangs beneath the root. */
    public static OrgScope ofAnOrganisation() {
        return new OrgScope(List.of(OrgId.mint(), OrgId.ROOT));
    }

    /** The scope that a stored organisation's keys open. */
    public static OrgScope of(String organisation) {
        var lineage = Stored.organisation(organisation).getList("lineage", ObjectId.class);
        return new OrgScope(lineage.stream().map(OrgId::new).toList());
    }
}
