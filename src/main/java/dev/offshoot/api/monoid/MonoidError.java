package dev.offshoot.api.monoid;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** What every refused call of the Monoid API answers. */
@RegisterForReflection
public record MonoidError(Detail error) {

    @RegisterForReflection
    public record Detail(String code, String message) {}
}
