/** What every request passes, whichever API it calls. The order stands in {@code RequestFilters}. */
@NullMarked
package dev.offshoot.api.http;

import org.jspecify.annotations.NullMarked;
