/** The stored side of HTTP Digest (RFC 7616): HA1s and their sealing, nonces and their uses. It knows a key's id and nothing else of it. */
@NullMarked
package dev.offshoot.digest;

import org.jspecify.annotations.NullMarked;
