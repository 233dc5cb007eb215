/** Every setting of the service, in one mapping. */
@NullMarked
package dev.offshoot.settings;

import org.jspecify.annotations.NullMarked;
