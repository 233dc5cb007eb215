package dev.offshoot.failure;

/** One rule that one field or query parameter breaks. The field is named as the client knows it. */
public record Violation(String field, Problem problem) {}
