/** What a write leaves to be done, and the one queue that sees to it. Steps are registered by the packages that owe them. */
@NullMarked
package dev.offshoot.owed;

import org.jspecify.annotations.NullMarked;
