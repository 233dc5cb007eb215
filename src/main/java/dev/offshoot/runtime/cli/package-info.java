/** The command line: its arguments, and the tasks that end. */
@NullMarked
package dev.offshoot.runtime.cli;

import org.jspecify.annotations.NullMarked;
