/** Tasks that a write leaves for later, and the one queue that runs them. Features register their handlers. */
@NullMarked
package dev.offshoot.task;

import org.jspecify.annotations.NullMarked;
