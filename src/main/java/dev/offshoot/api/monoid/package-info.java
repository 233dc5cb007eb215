/**
 * The Monoid organisations API ({@code contracts/monoid-organisations.txt}): organisations under the caller's own ids,
 * their members and plans. The credential is a bearer token.
 */
@NullMarked
package dev.offshoot.api.monoid;

import org.jspecify.annotations.NullMarked;
