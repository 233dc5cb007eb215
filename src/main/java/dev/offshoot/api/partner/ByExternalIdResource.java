package dev.offshoot.api.partner;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.Preconditions;
import dev.offshoot.api.http.Retries;
import dev.offshoot.api.http.Retries.Outcome;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.provisioning.CreationOnce;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * The calls about a direct child of the calling partner by the partner's own id of it ({@code api.md}, section 6).
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class ByExternalIdResource {
    private static final String ORGANISATION = "/organisations/by-external-id/{partner_external_id}";

    private final CurrentRequest current;
    private final Organisations organisations;
    private final CreationOnce creation;
    private final PartnerRequests requests;
    private final Retries retries;

    ByExternalIdResource(
            CurrentRequest current,
            Organisations organisations,
            CreationOnce creation,
            PartnerRequests requests,
            Retries retries) {
        this.current = current;
        this.organisations = organisations;
        this.creation = creation;
        this.requests = requests;
        this.retries = retries;
    }

    @GET
    @Path(ORGANISATION)
    public Uni<RestResponse<PartnerAnswer<OrganisationData>>> get(
            @PathParam(ExternalIdInPath.NAME) ExternalIdInPath path) {
        var preconditions = current.preconditions();
        return organisations
                .get(current.caller().scope().beneath(), path.toRef())
                .map(found ->
                        preconditions.answer(found.stateTag(), answer("get_organisation", OrganisationView.of(found))));
    }

    @PUT
    @Path(ORGANISATION)
    public Uni<Response> put(@PathParam(ExternalIdInPath.NAME) ExternalIdInPath path, byte[] body) {
        var wanted = requests.read(body, PutOrganisationRequest.class, request -> path.violations())
                .toNewOrganisation(path.required());
        var scope = current.caller().scope();
        var roles = OrganisationResource.keyRoles(wanted);
        return retries.once(body, id -> organisations.get(scope.beneath(), id, false), attempt -> creation.create(
                        scope, wanted, roles, attempt)
                .map(ByExternalIdResource::outcome));
    }

    private static Outcome outcome(CreationOnce.Outcome outcome) {
        var organisation = outcome.organisation();
        var full = Response.ok(answer(outcome)).build();
        return Outcome.showing(organisation.id(), Preconditions.tagged(organisation.stateTag(), full));
    }

    private static PartnerAnswer<OrganisationData> answer(CreationOnce.Outcome outcome) {
        return outcome.created()
                .map(created -> answer("create_organisation", OrganisationView.of(created)))
                .orElseGet(() -> answer("get_organisation", OrganisationView.of(outcome.organisation())));
    }

    private static PartnerAnswer<OrganisationData> answer(String call, OrganisationView view) {
        return PartnerAnswer.of(call + "_successful", new OrganisationData(view));
    }
}
