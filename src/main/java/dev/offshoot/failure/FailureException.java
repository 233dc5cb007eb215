package dev.offshoot.failure;

/** Carries a {@link Failure} up to the API that renders it. It has no stack trace: an expected outcome needs none. */
public final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    FailureException(Failure failure) {
        super(failure.getClass().getSimpleName(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
