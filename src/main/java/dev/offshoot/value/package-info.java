/** Values that several features read: names, identifiers, addresses, instants. Each type reads its own text and has the sentence of its rule. */
@NullMarked
package dev.offshoot.value;

import org.jspecify.annotations.NullMarked;
