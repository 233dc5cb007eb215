/** Who reaches what, checked alike for every API. An API's test gives a table of its calls; the rest is here. */
@NullMarked
package dev.offshoot.testing.isolation;

import org.jspecify.annotations.NullMarked;
