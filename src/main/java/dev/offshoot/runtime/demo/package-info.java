/** The demo store and everything else that only a demonstration has. No other package depends on this one. */
@NullMarked
package dev.offshoot.runtime.demo;

import org.jspecify.annotations.NullMarked;
