/** Keys: minting, parsing, checking, and from a key to the scope it opens. {@code KeySecret} makes secrets and compares them. */
@NullMarked
package dev.offshoot.apikey;

import org.jspecify.annotations.NullMarked;
