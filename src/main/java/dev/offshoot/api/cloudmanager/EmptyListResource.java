package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.api.read.QueryReader;
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
import jakarta.ws.rs.core.UriInfo;

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
    public Uni<Response> groups(UriInfo uri) {
        return Uni.createFrom().item(emptyList(uri));
    }

    @GET
    @Path("/orgs/{orgId}/{list: groups|teams}")
    public Uni<Response> ofOrganisation(@PathParam("orgId") OrgId id, UriInfo uri) {
        var empty = emptyList(uri);
        return organisations.get(current.caller().scope(), id, false).replaceWith(empty);
    }

    private Response emptyList(UriInfo uri) {
        var query = QueryReader.of(uri);
        var format = ResponseFormat.read(query);
        var page = PageRequest.read(query);
        query.check();
        var request = current.incoming();
        return answers.okList(request, format, ListView.empty(request, page));
    }
}
