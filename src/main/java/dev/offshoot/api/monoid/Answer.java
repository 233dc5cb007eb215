package dev.offshoot.api.monoid;

/** What every successful call of the Monoid API answers that answers anything. */
public record Answer<T>(T data) {}
