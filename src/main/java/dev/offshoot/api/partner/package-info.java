/**
 * The Partner API ({@code contracts/partner-api.txt}) and its extensions, as thin resources over the use cases. The
 * credential is the header {@code x-api-key}.
 */
@NullMarked
package dev.offshoot.api.partner;

import org.jspecify.annotations.NullMarked;
