package dev.offshoot.api.cloudmanager;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** A link (RFC 8288), absolute. */
@RegisterForReflection
public record Link(String href, String rel) {
    static final String SELF = "self";

    static Link self(String href) {
        return new Link(href, SELF);
    }
}
