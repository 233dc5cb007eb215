package dev.offshoot.organisation;

import dev.offshoot.failure.Failure;

/** The states of an organisation in which its caller wants a change to be made. */
@FunctionalInterface
public interface ExpectedState {
    /** Every state. */
    ExpectedState ANY = tag -> true;

    /**
     * Whether the state with this tag is one of them.
     *
     * @param tag see {@link Organisation#stateTag}
     */
    boolean fits(String tag);

    /** Fails with {@link Failure.PreconditionFailed} if the organisation is in another state. */
    default void require(Organisation read) {
        if (!fits(read.stateTag())) {
            throw new Failure.PreconditionFailed().asException();
        }
    }
}
