package dev.offshoot.api.monoid;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.member.Member;
import dev.offshoot.member.Members;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.Organisations;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.ResponseStatus;

/** The members of an organisation. */
@Path(MonoidRoutes.BASE)
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class MembersResource {
    private static final String MEMBERS = "/{id}/members";
    private static final int CREATED = 201;

    private final CurrentRequest current;
    private final Organisations organisations;
    private final Members members;
    private final MonoidRequests requests;

    MembersResource(CurrentRequest current, Organisations organisations, Members members, MonoidRequests requests) {
        this.current = current;
        this.organisations = organisations;
        this.members = members;
        this.requests = requests;
    }

    @GET
    @Path(MEMBERS)
    public Uni<Answer<List<MemberView>>> list(@PathParam("id") OrganisationRef ref) {
        var scope = current.caller().scope();
        return organisations
                .get(scope, ref)
                .chain(found -> members.all(scope, found))
                .map(all -> new Answer<>(all.stream().map(MemberView::of).toList()));
    }

    @POST
    @Path(MEMBERS)
    @ResponseStatus(CREATED)
    public Uni<Answer<MemberView>> add(@PathParam("id") OrganisationRef ref, byte[] body) {
        var wanted = requests.read(body, NewMemberRequest.class).toNewMember();
        return members.add(current.caller().scope(), ref, wanted).map(MembersResource::answer);
    }

    @GET
    @Path(MEMBERS + "/{userId}")
    public Uni<Answer<MemberView>> get(@PathParam("id") OrganisationRef ref, @PathParam("userId") String userId) {
        var scope = current.caller().scope();
        return organisations
                .get(scope, ref)
                .chain(found -> members.get(scope, found, userId))
                .map(MembersResource::answer);
    }

    @PATCH
    @Path(MEMBERS + "/{userId}")
    public Uni<Answer<MemberView>> change(
            @PathParam("id") OrganisationRef ref, @PathParam("userId") String userId, byte[] body) {
        var change = requests.read(body, MemberChangeRequest.class).toChange(userId);
        return members.change(current.caller().scope(), ref, userId, change).map(MembersResource::answer);
    }

    @DELETE
    @Path(MEMBERS + "/{userId}")
    public Uni<Void> remove(@PathParam("id") OrganisationRef ref, @PathParam("userId") String userId) {
        return members.remove(current.caller().scope(), ref, userId);
    }

    private static Answer<MemberView> answer(Member member) {
        return new Answer<>(MemberView.of(member));
    }
}
