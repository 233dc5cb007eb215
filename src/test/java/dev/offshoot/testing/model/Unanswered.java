package dev.offshoot.testing.model;

/** The service was too slow, so that nobody knows what it did. The sequence has to be run anew. */
public final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1;
}
