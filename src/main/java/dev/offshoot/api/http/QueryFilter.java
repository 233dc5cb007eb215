package dev.offshoot.api.http;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Violation;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses a query that is not percent-encoded UTF-8, of every call alike, whichever parameters the call knows. */
@Singleton
class QueryFilter {
    private static final Violation NOT_UTF8 = Violation.of("query", "must be percent-encoded UTF-8");

    private final CurrentRequest current;

    QueryFilter(CurrentRequest current) {
        this.current = current;
    }

    @ServerRequestFilter(nonBlocking = true, priority = RequestFilters.QUERY)
    public void check() {
        if (!current.incoming().query().isWellFormed()) {
            throw new Failure.Invalid(Failure.Source.QUERY, List.of(NOT_UTF8)).asException();
        }
    }
}
