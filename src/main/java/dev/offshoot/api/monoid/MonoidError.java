package dev.offshoot.api.monoid;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** The answer of every refused call of the Monoid API. */
@RegisterForReflection
public record MonoidError(Detail error) {

    @RegisterForReflection
    public record Detail(String code, String message) {}
}
