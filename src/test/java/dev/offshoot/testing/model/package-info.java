/** The contract of organisations as a simple model in memory, and calls that a test makes up to compare the service with it. */
@NullMarked
package dev.offshoot.testing.model;

import org.jspecify.annotations.NullMarked;
