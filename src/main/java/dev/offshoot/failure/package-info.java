/** The closed vocabulary of what can go wrong, as data. Each API words it for its own clients. */
@NullMarked
package dev.offshoot.failure;

import org.jspecify.annotations.NullMarked;
