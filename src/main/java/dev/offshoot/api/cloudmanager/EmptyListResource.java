package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** What tools ask for and there is none of here: projects and teams. */
@Path(CloudManagerRoutes.BASE)
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class EmptyListResource {
    private final CurrentRequest current;
    private final Organisations organisations;
    private final Answers answers;

    EmptyListResource(CurrentRequest current, Organisations organisations, Answers answers) {
        this.current = current;
        this.organisations = organisations;
        this.answers = answers;
    }

    @GET
    @Path("/groups")
    public Uni<Response> groups() {
        return Uni.createFrom().item(emptyList());
    }

    @GET
    @Path("/orgs/{orgId}/{list: groups|teams}")
    public Uni<Response> ofOrganisation(@PathParam("orgId") OrgId id) {
        var empty = emptyList();
        return organisations.get(current.caller().scope(), id, false).replaceWith(empty);
    }

    private Response emptyList() {
        var query = current.query();
        var format = ResponseFormat.read(query);
        var page = PageRequest.read(query);
        query.check();
        var request = current.incoming();
        return answers.okList(request, format, ListView.empty(request, page));
    }
}
