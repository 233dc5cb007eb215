/**
 * The rate limit of keys: what an organisation stores of it, and the token bucket that each limited key has on this
 * replica. It knows neither organisations nor callers.
 */
@NullMarked
package dev.offshoot.ratelimit;

import org.jspecify.annotations.NullMarked;
