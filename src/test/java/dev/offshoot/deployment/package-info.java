/** What is in the repository to deploy the service with, held against the service and against the tools that read it. */
@NullMarked
package dev.offshoot.deployment;

import org.jspecify.annotations.NullMarked;
