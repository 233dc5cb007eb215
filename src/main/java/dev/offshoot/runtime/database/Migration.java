package dev.offshoot.runtime.database;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/**
 * A step of the database from one version to the next. It may be interrupted anywhere, repeated, and run by two
 * replicas at once, while replicas of the previous release are running. A released migration never changes, because a
 * database that has taken it never takes it again.
 *
 * @param compatibleFrom the lowest version that a release has to know to work on a database that has taken this step
 */
record Migration(int version, String name, int compatibleFrom, Supplier<Uni<Void>> step) {}
