/** Whether a key is good, whose it is, and how many requests it was used for. */
@NullMarked
package dev.offshoot.verification;

import org.jspecify.annotations.NullMarked;
