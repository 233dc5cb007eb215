/** What a caller may see, and the only way to a collection. Every query carries the lineage of its scope. */
@NullMarked
package dev.offshoot.scope;

import org.jspecify.annotations.NullMarked;
