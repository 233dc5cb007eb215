/** Keys: minting, parsing, checking, and from a key to the scope it opens. {@code KeySecret} is the one class that sees a secret. */
@NullMarked
package dev.offshoot.apikey;

import org.jspecify.annotations.NullMarked;
