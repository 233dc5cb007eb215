package dev.offshoot.api.read;

import dev.offshoot.value.Patch;
import java.util.List;

/** A request that changes the attributes that it names, and no others. */
public interface PartialUpdate {
    /** What it says of each attribute. */
    List<Patch<?>> patches();
}
