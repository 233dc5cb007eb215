/** The billing plan of an organisation. It is a summary of what another system decides, and nothing here acts on it. */
@NullMarked
package dev.offshoot.plan;

import org.jspecify.annotations.NullMarked;
