package dev.offshoot.scope;

import dev.offshoot.value.OrgId;
import java.util.List;

/** A stored record that belongs to an organisation and carries that organisation's place in the tree. */
public interface Scoped {

    /** The organisation's own id, then its ancestors' ids upwards, the root's last. */
    List<OrgId> lineage();

    /** The organisation that the record belongs to. */
    default OrgId owner() {
        return lineage().get(0);
    }
}
