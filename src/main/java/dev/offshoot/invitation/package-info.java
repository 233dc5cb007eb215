/** Who is invited to an organisation. An invitation is one record, whose two unique keys keep a person from being invited twice and an organisation from having too many. */
@NullMarked
package dev.offshoot.invitation;

import org.jspecify.annotations.NullMarked;
