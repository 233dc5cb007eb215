/**
 * The answer to a reverse proxy that asks, for each request it is about to forward, whether the customer's key is good
 * ({@code api.md}, section 6, {@code /authorize}).
 */
@NullMarked
package dev.offshoot.api.edge;

import org.jspecify.annotations.NullMarked;
