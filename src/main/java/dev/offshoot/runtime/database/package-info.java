/** The database client, migrations and indexes. */
@NullMarked
package dev.offshoot.runtime.database;

import org.jspecify.annotations.NullMarked;
