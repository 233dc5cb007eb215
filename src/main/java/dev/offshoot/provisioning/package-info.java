/**
 * Operations on organisations together with keys, members or invitations, such as creating a child with its keys,
 * deleting a subtree or inviting a person. Every decision is one conditional write; the rest is a pending task.
 */
@NullMarked
package dev.offshoot.provisioning;

import org.jspecify.annotations.NullMarked;
