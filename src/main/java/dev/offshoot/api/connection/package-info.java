/** The connections of clients: how many there are, how long one may be of no use, and what waits to be read on it. */
@NullMarked
package dev.offshoot.api.connection;

import org.jspecify.annotations.NullMarked;
