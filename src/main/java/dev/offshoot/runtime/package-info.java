/** What makes a process of all this: the start, the root partner, health. Nothing but the demonstration depends on it. */
@NullMarked
package dev.offshoot.runtime;

import org.jspecify.annotations.NullMarked;
