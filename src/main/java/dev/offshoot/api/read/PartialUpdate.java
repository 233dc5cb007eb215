package dev.offshoot.api.read;

import dev.offshoot.value.Patch;
import java.util.List;

/** A request that changes only the attributes that it contains. */
public interface PartialUpdate {
    /** The patches of all attributes. */
    List<Patch<?>> patches();
}
