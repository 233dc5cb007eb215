package dev.offshoot.api.http;

import jakarta.ws.rs.Priorities;

/**
 * The order of the filters that every request passes. {@link MessageFilter}, a route of the router itself, is the first:
 * 400, 501 and 505 for messages that are not well-formed. Then come the HTTP server's filters, the highest number first:
 * the path guard of {@code /authorize}, the pages of documentation, then the admission filter, which also begins the
 * observation of the request. Then come the filters of the REST framework, the lowest number first: authentication,
 * before the resource is matched, and the reading of the body and the query, after that. The answer passes the filter
 * that measures it for HEAD.
 */
public final class RequestFilters {
    /**
     * {@code api.edge.PathGuard}: a path that leads out of {@code /authorize} is still handled as a request to
     * {@code /authorize}.
     */
    public static final int PATH_GUARD = 10_000;

    /** {@link DocumentFilter}: everything beneath {@code /q}, so that nothing of it takes a place of the APIs' requests. */
    static final int DOCUMENTS = 5000;

    /** {@link AdmissionFilter}: 503 for too many requests at once. */
    static final int ADMISSION = 1000;

    /** {@link AuthenticationFilter}: 401, 403, 429, then 404 and 405. */
    static final int AUTHENTICATION = Priorities.AUTHENTICATION;

    /** {@link BodyFilter}: 415, 408, 413. */
    static final int BODY = Priorities.ENTITY_CODER;

    /** {@link QueryFilter}: 400 for a query that can't be read. */
    static final int QUERY = BODY + 1;

    private RequestFilters() {}
}
