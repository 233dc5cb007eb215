package dev.offshoot.api.partner;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.Preconditions;
import dev.offshoot.api.http.Retries;
import dev.offshoot.api.http.Retries.Outcome;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.apikey.Role;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.provisioning.Creation;
import dev.offshoot.provisioning.Deletion;
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
import java.util.Set;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * The calls about the organisations that the calling partner owns ({@code contracts/partner-api.txt}). The class path
 * is {@code /}, as in the API's other resources whose paths overlap: the framework matches a request only against the
 * class with the longest fitting path.
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class OrganisationResource {
    private final CurrentRequest current;
    private final Organisations organisations;
    private final Creation creation;
    private final Deletion deletion;
    private final PartnerRequests requests;
    private final Retries retries;

    OrganisationResource(
            CurrentRequest current,
            Organisations organisations,
            Creation creation,
            Deletion deletion,
            PartnerRequests requests,
            Retries retries) {
        this.current = current;
        this.organisations = organisations;
        this.creation = creation;
        this.deletion = deletion;
        this.requests = requests;
        this.retries = retries;
    }

    @GET
    @Path("/organisations")
    public Uni<RestResponse<PartnerAnswer<OrganisationsData>>> list() {
        var listing = ListRequest.organisations(current.query());
        var request = current.incoming();
        return organisations
                .list(current.caller().scope().beneath(), listing)
                .map(page -> NextLink.on(
                        PartnerAnswer.of("get_organisations_successful", OrganisationsData.of(page, listing)),
                        request,
                        page,
                        organisation -> organisation.id().toString()));
    }

    @POST
    @Path("/organisations")
    public Uni<Response> create(byte[] body) {
        var wanted = requests.read(body, CreateOrganisationRequest.class).toNewOrganisation();
        var scope = current.caller().scope();
        return retries.once(body, id -> organisations.get(scope.beneath(), id, false), attempt -> creation.create(
                        scope, wanted, keyRoles(wanted), attempt)
                .map(created -> outcome(created.organisation(), "create_organisation", OrganisationView.of(created))));
    }

    @GET
    @Path("/organisations/{organisation_id}")
    public Uni<RestResponse<PartnerAnswer<OrganisationData>>> get(@PathParam("organisation_id") OrgId id) {
        var query = current.query();
        var orDeleted = query.flag("include_deleted");
        query.check();
        var preconditions = current.preconditions();
        return organisations
                .get(current.caller().scope().beneath(), id, orDeleted)
                .map(found ->
                        preconditions.answer(found.stateTag(), answer("get_organisation", OrganisationView.of(found))));
    }

    @PATCH
    @Path("/organisations/{organisation_id}")
    public Uni<Response> update(@PathParam("organisation_id") OrgId id, byte[] body) {
        var change = requests.read(body, UpdateOrganisationRequest.class).toChange();
        var preconditions = current.preconditions();
        var scope = current.caller().scope().beneath();
        var ref = OrganisationRef.to(id);
        return retries.once(body, shown -> organisations.get(scope, shown, false), attempt -> organisations
                .update(scope, ref, preconditions::allowChange, change, attempt)
                .map(updated -> outcome(updated, "update_organisation", OrganisationView.of(updated))));
    }

    @DELETE
    @Path("/organisations/{organisation_id}")
    @TimeLimit(seconds = TimeLimit.DELETION_SECONDS)
    public Uni<Response> delete(@PathParam("organisation_id") OrgId id) {
        var preconditions = current.preconditions();
        var scope = current.caller().scope().beneath();
        var ref = OrganisationRef.to(id);
        return retries.once(attempt -> deletion.delete(scope, ref, preconditions::allowChange, attempt)
                .map(deleted -> answer("delete_organisation", OrganisationView.of(deleted)))
                .map(answer -> Outcome.of(Response.ok(answer).build())));
    }

    private static Outcome outcome(Organisation organisation, String call, OrganisationView view) {
        var full = Response.ok(answer(call, view)).build();
        return Outcome.showing(organisation.id(), Preconditions.tagged(organisation.stateTag(), full));
    }

    /** The roles of the keys that a new organisation gets, one for each. */
    static Set<Role> keyRoles(NewOrganisation wanted) {
        return wanted.partner() ? Set.of(Role.STANDARD, Role.PARTNER) : Set.of(Role.STANDARD);
    }

    private static PartnerAnswer<OrganisationData> answer(String call, OrganisationView view) {
        return PartnerAnswer.of(call + "_successful", new OrganisationData(view));
    }
}
