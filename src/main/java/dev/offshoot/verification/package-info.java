/** Verifies customers' keys for the vendor's product. It also counts the requests that each valid key was used for. */
@NullMarked
package dev.offshoot.verification;

import org.jspecify.annotations.NullMarked;
