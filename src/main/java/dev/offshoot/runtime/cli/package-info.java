/** The command line. An argument runs a task that ends; without one the process serves. */
@NullMarked
package dev.offshoot.runtime.cli;

import org.jspecify.annotations.NullMarked;
