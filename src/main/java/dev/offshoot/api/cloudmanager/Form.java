package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.Incoming;
import dev.offshoot.api.QueryReader;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

/**
 * How an answer is to be written.
 *
 * @param pretty indented
 * @param envelope with the status in the body, for clients that can't see the real one
 */
record Form(boolean pretty, boolean envelope) {

    /** For a call that has no other parameters. */
    static Form read(UriInfo uri) {
        var query = QueryReader.of(uri);
        var form = read(query);
        query.check();
        return form;
    }

    /** Tells its violations to the reader. */
    static Form read(QueryReader query) {
        return new Form(query.flag("pretty"), query.flag("envelope"));
    }

    /** For an answer that has to be given whatever the query says. */
    static Form ofError(Incoming request) {
        var parameters = request.http().params();
        return new Form(isTrue(parameters.getAll("pretty")), isTrue(parameters.getAll("envelope")));
    }

    private static boolean isTrue(List<String> values) {
        return values.equals(List.of("true"));
    }
}
