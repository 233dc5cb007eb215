package dev.offshoot.api.http;

import jakarta.ws.rs.Priorities;

/**
 * The order in which every request passes. First the HTTP server's filters, the highest number first: the path guard of
 * {@code /authorize}, then the admission filter, which also begins the observation of the request. Then the filters of
 * the REST framework, the lowest number first: authentication, before the resource is matched, and reading the body,
 * after it. The answer passes the one that measures it for HEAD.
 */
public final class RequestFilters {
    /** {@code api.edge.PathGuard}: a path that climbs out of {@code /authorize} stays a question about it. */
    public static final int PATH_GUARD = 10_000;

    /** {@link AdmissionFilter}: 503 for too many requests at once, 400 for a malformed {@code Host} or target. */
    static final int ADMISSION = 1000;

    /** {@link AuthenticationFilter}: 401, 403, then 404 and 405. */
    static final int AUTHENTICATION = Priorities.AUTHENTICATION;

    /** {@link BodyFilter}: 415, 413. */
    static final int BODY = Priorities.ENTITY_CODER;

    private RequestFilters() {}
}
