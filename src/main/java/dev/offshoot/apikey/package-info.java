/**
 * API keys: minting, parsing and checking them, and finding the scope that a key opens. {@code KeySecret} makes secrets
 * and compares them.
 */
@NullMarked
package dev.offshoot.apikey;

import org.jspecify.annotations.NullMarked;
