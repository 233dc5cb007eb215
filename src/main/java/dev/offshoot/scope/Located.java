package dev.offshoot.scope;

/** A record found without a caller, and the scope that it opens: its own organisation and what lies beneath. */
public record Located<R extends Scoped>(R record, OrgScope scope) {}
