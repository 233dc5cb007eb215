/**
 * Operations on organisations and keys together, such as creating a child with its keys or deleting a subtree. Every
 * decision is one conditional write; the rest is a pending task.
 */
@NullMarked
package dev.offshoot.provisioning;

import org.jspecify.annotations.NullMarked;
