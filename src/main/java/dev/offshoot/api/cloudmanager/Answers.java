package dev.offshoot.api.cloudmanager;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.api.Incoming;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Writes answers in the form that the query asks for, with the headers that every one has. */
@Singleton
class Answers {
    private static final int OK = 200;

    private final ObjectMapper json;
    private final String version;

    Answers(
            ObjectMapper json,
            @ConfigProperty(name = "offshoot.build.git-hash") String gitHash,
            @ConfigProperty(name = "offshoot.build.date") String date) {
        this.json = json;
        this.version = "gitHash=" + gitHash + "; versionString=v" + date;
    }

    Response ok(Incoming request, Form form, Object view) {
        return ok(request, form.envelope() ? wrapped(OK, view) : view, form);
    }

    /** A list's envelope is the status beside its own fields. */
    Response okList(Incoming request, Form form, Object view) {
        ObjectNode list = json.valueToTree(view);
        return ok(
                request,
                form.envelope() ? json.createObjectNode().put("status", OK).setAll(list) : list,
                form);
    }

    Response noContent() {
        return Response.noContent().build();
    }

    Response.ResponseBuilder refused(Form form, int status, Object view) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(write(form.envelope() ? wrapped(status, view) : view, form));
    }

    private Response ok(Incoming request, Object body, Form form) {
        var response = Response.ok(write(body, form), MediaType.APPLICATION_JSON_TYPE)
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

    private String write(Object body, Form form) {
        try {
            return form.pretty()
                    ? json.writerWithDefaultPrettyPrinter().writeValueAsString(body)
                    : json.writeValueAsString(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a view is always writable", impossible);
        }
    }
}
