/**
 * Values that several features read: names, identifiers, addresses, instants. Each type parses its own text and holds
 * the sentence that states its rule.
 */
@NullMarked
package dev.offshoot.value;

import org.jspecify.annotations.NullMarked;
