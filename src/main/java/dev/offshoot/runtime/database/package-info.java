/** The database client, migrations and indexes. A start uses them before the first request. */
@NullMarked
package dev.offshoot.runtime.database;

import org.jspecify.annotations.NullMarked;
