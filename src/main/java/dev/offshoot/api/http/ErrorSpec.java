package dev.offshoot.api.http;

/**
 * What an API answers to a failure.
 *
 * @param status the HTTP status
 * @param code the API's own
 * @param message a sentence for the client's developer
 */
public record ErrorSpec(int status, String code, String message) {}
