package dev.offshoot.api.http;

import jakarta.ws.rs.Priorities;

/**
 * The order of the filters that every request passes. The HTTP server's filters come first, the highest number first:
 * the path guard of {@code /authorize}, then the admission filter, which also begins the observation of the request.
 * Then come the filters of the REST framework, the lowest number first: authentication, before the resource is matched,
 * and the reading of the body, after that. The answer passes the filter that measures it for HEAD.
 */
public final class RequestFilters {
    /**
     * {@code api.edge.PathGuard}: a path that leads out of {@code /authorize} is still handled as a request to
     * {@code /authorize}.
     */
    public static final int PATH_GUARD = 10_000;

    /** {@link AdmissionFilter}: 503 for too many requests at once, 400 for a malformed {@code Host} or target. */
    static final int ADMISSION = 1000;

    /** {@link AuthenticationFilter}: 401, 403, then 404 and 405. */
    static final int AUTHENTICATION = Priorities.AUTHENTICATION;

    /** {@link BodyFilter}: 415, 413. */
    static final int BODY = Priorities.ENTITY_CODER;

    private RequestFilters() {}
}
