/** Looks at the settings before the start, and refuses it where one of them is severe. */
@NullMarked
package dev.offshoot.runtime.checks;

import org.jspecify.annotations.NullMarked;
