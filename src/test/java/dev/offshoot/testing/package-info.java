/** What the tests share: the database, typed clients, fixtures. It is held to the main code's standard. */
@NullMarked
package dev.offshoot.testing;

import org.jspecify.annotations.NullMarked;
