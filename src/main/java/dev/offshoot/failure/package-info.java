/** The closed set of failures, as data. Each API writes its own messages for them. */
@NullMarked
package dev.offshoot.failure;

import org.jspecify.annotations.NullMarked;
