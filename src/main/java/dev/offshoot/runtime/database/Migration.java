package dev.offshoot.runtime.database;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/**
 * A step of the database from one version to the next. It may be cut off anywhere and done again, at once by two
 * replicas too, while replicas of the release before are at work. What is released never changes: whoever did it once does
 * it never again.
 *
 * @param compatibleFrom the version that a release has to know at least to work on a database that has taken the step
 */
record Migration(int version, String name, int compatibleFrom, Supplier<Uni<Void>> step) {}
