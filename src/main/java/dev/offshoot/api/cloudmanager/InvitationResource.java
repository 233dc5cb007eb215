package dev.offshoot.api.cloudmanager;

import static dev.offshoot.failure.Failure.Subject.INVITATION;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.invitation.Invitation;
import dev.offshoot.invitation.Invitations;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.provisioning.Inviting;
import dev.offshoot.value.EmailAddress;
import dev.offshoot.value.OrgId;
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
import jakarta.ws.rs.core.Response;
import java.util.function.Function;

/** The open invitations to an organisation. Its lists are bare arrays, as the original's. */
@Path(CloudManagerRoutes.BASE)
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class InvitationResource {
    private static final String INVITES = "/orgs/{orgId}/invites";
    private static final String INVITE = INVITES + "/{invitationId}";

    private final CurrentRequest current;
    private final Organisations organisations;
    private final Invitations invitations;
    private final Inviting inviting;
    private final Answers answers;
    private final CloudManagerRequests requests;

    InvitationResource(
            CurrentRequest current,
            Organisations organisations,
            Invitations invitations,
            Inviting inviting,
            Answers answers,
            CloudManagerRequests requests) {
        this.current = current;
        this.organisations = organisations;
        this.invitations = invitations;
        this.inviting = inviting;
        this.answers = answers;
        this.requests = requests;
    }

    @GET
    @Path(INVITES)
    public Uni<Response> list(@PathParam("orgId") OrgId org) {
        var query = current.query();
        var format = ResponseFormat.read(query);
        var username = query.text("username").map(EmailAddress::searchKeyOf);
        query.check();
        var request = current.incoming();
        var scope = current.caller().scope();
        return organisations.get(scope, org, false).chain(organisation -> invitations
                .list(scope, organisation, username)
                .map(found -> found.stream()
                        .map(invitation -> InvitationView.of(organisation, invitation, scope))
                        .toList())
                .map(views -> answers.ok(request, format, views)));
    }

    @POST
    @Path(INVITES)
    public Uni<Response> invite(@PathParam("orgId") OrgId org, byte[] body) {
        var format = ResponseFormat.only(current.query());
        var caller = current.caller();
        var wanted = requests.read(body, InvitationRequest.class).toNewInvitation(caller);
        return answer(org, format, organisation -> inviting.invite(caller.scope(), organisation, wanted));
    }

    @PATCH
    @Path(INVITES)
    public Uni<Response> changeByUsername(@PathParam("orgId") OrgId org, byte[] body) {
        var format = ResponseFormat.only(current.query());
        var change = requests.read(body, InvitationRequest.class);
        var scope = current.caller().scope();
        return answer(
                org,
                format,
                organisation -> invitations.change(scope, organisation, change.username(), change.roles()));
    }

    @GET
    @Path(INVITE)
    public Uni<Response> get(@PathParam("orgId") OrgId org, @PathParam("invitationId") String id) {
        var format = ResponseFormat.only(current.query());
        var scope = current.caller().scope();
        return answer(org, format, organisation -> invitations.get(scope, organisation, HexId.parse(id, INVITATION)));
    }

    @PATCH
    @Path(INVITE)
    public Uni<Response> change(@PathParam("orgId") OrgId org, @PathParam("invitationId") String id, byte[] body) {
        var format = ResponseFormat.only(current.query());
        var roles = requests.read(body, InvitationChangeRequest.class).roles();
        var scope = current.caller().scope();
        return answer(
                org,
                format,
                organisation -> invitations.change(scope, organisation, HexId.parse(id, INVITATION), roles));
    }

    @DELETE
    @Path(INVITE)
    public Uni<Response> remove(@PathParam("orgId") OrgId org, @PathParam("invitationId") String id) {
        ResponseFormat.only(current.query());
        var scope = current.caller().scope();
        return organisations
                .get(scope, org, false)
                .chain(organisation -> invitations.remove(scope, organisation, HexId.parse(id, INVITATION)))
                .map(removed -> answers.noContent());
    }

    private Uni<Response> answer(OrgId org, ResponseFormat format, Function<Organisation, Uni<Invitation>> invitation) {
        var request = current.incoming();
        var scope = current.caller().scope();
        return organisations.get(scope, org, false).chain(organisation -> invitation
                .apply(organisation)
                .map(found -> answers.ok(request, format, InvitationView.of(organisation, found, scope))));
    }
}
