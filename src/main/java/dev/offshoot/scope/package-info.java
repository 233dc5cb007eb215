/**
 * What a caller may see, and the only way to access a collection. Every query made for a caller carries the lineage of
 * its scope.
 */
@NullMarked
package dev.offshoot.scope;

import org.jspecify.annotations.NullMarked;
