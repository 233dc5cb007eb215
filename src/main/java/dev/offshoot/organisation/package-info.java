/** The organisations of the tree: the record, its names and ids, its queries. It knows neither HTTP nor keys. */
@NullMarked
package dev.offshoot.organisation;

import org.jspecify.annotations.NullMarked;
