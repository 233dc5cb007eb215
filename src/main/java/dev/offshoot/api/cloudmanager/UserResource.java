package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.failure.Failure;
import dev.offshoot.member.Members;
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

/** The users of an organisation, who are its members. */
@Path(CloudManagerRoutes.BASE)
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class UserResource {
    private static final String USERS = "/orgs/{orgId}/users";

    private final CurrentRequest current;
    private final Organisations organisations;
    private final Members members;
    private final Answers answers;

    UserResource(CurrentRequest current, Organisations organisations, Members members, Answers answers) {
        this.current = current;
        this.organisations = organisations;
        this.members = members;
        this.answers = answers;
    }

    @GET
    @Path(USERS)
    public Uni<Response> list(@PathParam("orgId") OrgId id) {
        var query = current.query();
        var format = ResponseFormat.read(query);
        var page = PageRequest.read(query);
        query.check();
        var request = current.incoming();
        var scope = current.caller().scope();
        return organisations
                .get(scope, id, false)
                .chain(found -> members.page(scope, found, page.skip(), page.size(), page.counted()))
                .map(found -> ListView.of(request, page, found, member -> UserView.of(request, member)))
                .map(view -> answers.okList(request, format, view));
    }

    @GET
    @Path(USERS + "/{userId}")
    public Uni<Response> get(@PathParam("orgId") OrgId id, @PathParam("userId") String userId) {
        var format = ResponseFormat.only(current.query());
        var request = current.incoming();
        var scope = current.caller().scope();
        return organisations
                .get(scope, id, false)
                .chain(found -> members.get(scope, found, HexId.parse(userId, Failure.Subject.MEMBER)))
                .map(member -> answers.ok(request, format, UserView.of(request, member)));
    }
}
