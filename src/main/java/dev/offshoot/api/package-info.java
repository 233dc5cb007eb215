/** What all APIs share: the key filter, the reading of queries and bodies, the wording of failures. Each API is an {@code ApiSurface} in a package of its own. */
@NullMarked
package dev.offshoot.api;

import org.jspecify.annotations.NullMarked;
