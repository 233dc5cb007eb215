/** From queries and bodies to typed requests, with every violation at once. */
@NullMarked
package dev.offshoot.api.read;

import org.jspecify.annotations.NullMarked;
