/** Every setting of the service. They are in one mapping, so that one file lists them all. */
@NullMarked
package dev.offshoot.settings;

import org.jspecify.annotations.NullMarked;
