/** The demo store and everything special about it. Nothing else depends on this package. */
@NullMarked
package dev.offshoot.runtime.demo;

import org.jspecify.annotations.NullMarked;
