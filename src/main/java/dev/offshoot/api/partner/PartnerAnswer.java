package dev.offshoot.api.partner;

/**
 * The answer of every successful call of the Partner API.
 *
 * @param identifier names the call and its outcome
 * @param <T> the call's own data
 */
public record PartnerAnswer<T>(boolean success, String identifier, T data) {

    static <T> PartnerAnswer<T> of(String identifier, T data) {
        return new PartnerAnswer<>(true, identifier, data);
    }
}
