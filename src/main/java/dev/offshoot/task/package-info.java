/** What a write leaves to be done, and the one queue that does it. Features register their handlers. */
@NullMarked
package dev.offshoot.task;

import org.jspecify.annotations.NullMarked;
