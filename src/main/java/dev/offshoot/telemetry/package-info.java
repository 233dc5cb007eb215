/** How the service is watched: spans, background jobs, database commands. It knows nothing of what the service is for. */
@NullMarked
package dev.offshoot.telemetry;

import org.jspecify.annotations.NullMarked;
