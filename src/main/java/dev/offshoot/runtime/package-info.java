/**
 * Turns the features into a process: the start, the root partner, health. Only the demonstration depends on this
 * package.
 */
@NullMarked
package dev.offshoot.runtime;

import org.jspecify.annotations.NullMarked;
