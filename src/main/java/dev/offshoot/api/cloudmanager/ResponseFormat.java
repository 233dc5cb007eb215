package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.Incoming;
import dev.offshoot.api.read.QueryReader;
import java.util.List;

/**
 * How an answer is to be written.
 *
 * @param pretty indented
 * @param envelope with the status in the body, for clients that can't see the real one
 */
record ResponseFormat(boolean pretty, boolean envelope) {
    private static final List<String> TRUE = List.of("true");

    /** For a call that has no other parameters. */
    static ResponseFormat only(QueryReader query) {
        var format = read(query);
        query.check();
        return format;
    }

    /** Tells its violations to the reader. */
    static ResponseFormat read(QueryReader query) {
        return new ResponseFormat(query.flag("pretty"), query.flag("envelope"));
    }

    /** For an answer that has to be given whatever the query says. */
    static ResponseFormat ofError(Incoming request) {
        var values = request.query().values();
        return new ResponseFormat(TRUE.equals(values.get("pretty")), TRUE.equals(values.get("envelope")));
    }
}
