/** Who belongs to an organisation. Members are records of their own; who of them is an owner, stands in the organisation's record, so that the last one is kept by one conditional update. */
@NullMarked
package dev.offshoot.member;

import org.jspecify.annotations.NullMarked;
