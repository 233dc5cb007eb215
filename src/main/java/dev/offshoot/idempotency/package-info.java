/**
 * Writes that may be sent again: the claim that a request with an {@code Idempotency-Key} makes, what each try of it mints,
 * and the answer that is kept. It knows no HTTP, and nothing of what the writes do.
 */
@NullMarked
package dev.offshoot.idempotency;

import org.jspecify.annotations.NullMarked;
