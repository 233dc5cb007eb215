/** The Monoid organisations API ({@code contracts/monoid-organisations.txt}): the caller's own ids, members and plans. Credential: Bearer. */
@NullMarked
package dev.offshoot.api.monoid;

import org.jspecify.annotations.NullMarked;
