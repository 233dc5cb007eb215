/**
 * What stands between the service and its database: permits for commands, the circuit breaker, and what the database's
 * errors mean. Everything that sends commands goes through the gate.
 */
@NullMarked
package dev.offshoot.database;

import org.jspecify.annotations.NullMarked;
