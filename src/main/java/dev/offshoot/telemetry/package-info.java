/** Observes spans, background jobs and database commands. The package knows nothing of what the service is for. */
@NullMarked
package dev.offshoot.telemetry;

import org.jspecify.annotations.NullMarked;
