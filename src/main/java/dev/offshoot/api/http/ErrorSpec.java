package dev.offshoot.api.http;

/**
 * How an API answers a failure.
 *
 * @param status the HTTP status
 * @param code the API's own error code
 * @param message a sentence for the client's developer
 */
public record ErrorSpec(int status, String code, String message) {}
