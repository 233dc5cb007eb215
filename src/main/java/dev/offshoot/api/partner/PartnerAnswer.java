package dev.offshoot.api.partner;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What every successful call of the Partner API answers.
 *
 * @param identifier names the call and its outcome
 * @param <T> the call's own data
 */
public record PartnerAnswer<T>(
        @Schema(required = true) boolean success,
        @Schema(required = true) String identifier,
        @Schema(required = true) T data) {

    static <T> PartnerAnswer<T> of(String identifier, T data) {
        return new PartnerAnswer<>(true, identifier, data);
    }
}
