package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.settings.Settings;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** The root document, by which tools find out whom they talk to. */
@Path(CloudManagerRoutes.BASE)
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class RootResource {
    private final CurrentRequest current;
    private final Answers answers;
    private final String build;

    RootResource(CurrentRequest current, Answers answers, Settings settings) {
        this.current = current;
        this.answers = answers;
        this.build = settings.build().gitHash();
    }

    @GET
    public Uni<Response> root() {
        var format = ResponseFormat.only(current.query());
        var request = current.incoming();
        var self = Link.self(request.base() + CloudManagerRoutes.BASE);
        var root = new RootView("Offshoot", build, List.of(self), false);
        return Uni.createFrom().item(answers.ok(request, format, root));
    }
}
