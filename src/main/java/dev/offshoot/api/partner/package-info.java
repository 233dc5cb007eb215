/** The Partner API ({@code contracts/partner-api.txt}) and its extensions, thin resources over the use cases. Credential: {@code x-api-key}. */
@NullMarked
package dev.offshoot.api.partner;

import org.jspecify.annotations.NullMarked;
