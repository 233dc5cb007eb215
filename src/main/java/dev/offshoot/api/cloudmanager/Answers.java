package dev.offshoot.api.cloudmanager;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.api.http.Incoming;
import dev.offshoot.settings.Settings;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Writes answers in the form that the query asks for; every 200 has the headers of the service's version. */
@Singleton
class Answers {
    private static final int OK = 200;

    private final ObjectMapper json;
    private final String version;

    Answers(ObjectMapper json, Settings settings) {
        this.json = json;
        this.version = "gitHash=" + settings.build().gitHash() + "; versionString=v"
                + settings.build().date();
    }

    Response ok(Incoming request, ResponseFormat format, Object view) {
        return ok(request, format.envelope() ? wrapped(OK, view) : view, format);
    }

    /** A list's envelope is the status beside its own fields. */
    Response okList(Incoming request, ResponseFormat format, Object view) {
        ObjectNode list = json.valueToTree(view);
        return ok(
                request,
                format.envelope() ? json.createObjectNode().put("status", OK).setAll(list) : list,
                format);
    }

    Response noContent() {
        return Response.noContent().build();
    }

    Response.ResponseBuilder refused(ResponseFormat format, int status, Object view) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(write(format.envelope() ? wrapped(status, view) : view, format));
    }

    private Response ok(Incoming request, Object body, ResponseFormat format) {
        var response = Response.ok(write(body, format), MediaType.APPLICATION_JSON_TYPE)
                .header("X-MongoDB-Service-Version", version)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (request.base().startsWith("https:")) {
            response.header("Strict-Transport-Security", "max-age=300");
        }
        return response.build();
    }

    private ObjectNode wrapped(int status, Object view) {
        var envelope = json.createObjectNode().put("status", status);
        envelope.set("content", json.valueToTree(view));
        return envelope;
    }

    private String write(Object body, ResponseFormat format) {
        try {
            return format.pretty()
                    ? json.writerWithDefaultPrettyPrinter().writeValueAsString(body)
                    : json.writeValueAsString(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a view is always writable", impossible);
        }
    }
}
