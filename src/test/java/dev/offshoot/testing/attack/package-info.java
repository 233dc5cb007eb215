/** Clients that mean harm, those who suffer from them, and what the latter notice. All are cheap: they share a machine. */
@NullMarked
package dev.offshoot.testing.attack;

import org.jspecify.annotations.NullMarked;
