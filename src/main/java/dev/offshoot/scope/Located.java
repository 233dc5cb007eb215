package dev.offshoot.scope;

/**
 * A record that was found without a caller, and the scope that it opens: its own organisation and everything beneath
 * it.
 */
public record Located<R extends Scoped>(R record, OrgScope scope) {}
