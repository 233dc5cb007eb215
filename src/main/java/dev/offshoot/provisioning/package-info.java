/** What spans organisations, keys, members and invitations: creating a child with its keys, deleting a subtree, inviting a person. Every decision is one conditional write; the rest is a pending task. */
@NullMarked
package dev.offshoot.provisioning;

import org.jspecify.annotations.NullMarked;
