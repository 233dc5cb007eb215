/**
 * The MongoDB Cloud Manager organisations API ({@code contracts/cloud-manager-*.txt}), for tools that exist. Credential:
 * HTTP Digest.
 */
@NullMarked
package dev.offshoot.api.cloudmanager;

import org.jspecify.annotations.NullMarked;
