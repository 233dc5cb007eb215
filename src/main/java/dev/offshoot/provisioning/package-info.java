/** What spans organisations and keys: creating a child with its keys, deleting a subtree. Every decision is one conditional write; the rest is a pending task. */
@NullMarked
package dev.offshoot.provisioning;

import org.jspecify.annotations.NullMarked;
