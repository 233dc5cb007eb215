package dev.offshoot.api.monoid;

/** The answer of every successful call of the Monoid API that has a body. */
public record Answer<T>(T data) {}
