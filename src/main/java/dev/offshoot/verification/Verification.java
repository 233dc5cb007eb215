package dev.offshoot.verification;

import dev.offshoot.apikey.KeyCheck;
import dev.offshoot.ratelimit.RateLimitResult;
import java.util.Optional;

/**
 * The result of verifying a key.
 *
 * @param rateLimit what the key's rate limit allowed; empty if the key has none, or was refused before
 */
public record Verification(KeyCheck check, Optional<RateLimitResult> rateLimit) {}
