package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.Preconditions;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.organisation.Listing;
import dev.offshoot.organisation.Listing.Attributes;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.organisation.OrganisationChange;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.provisioning.Creation;
import dev.offshoot.provisioning.Deletion;
import dev.offshoot.value.DisplayName;
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

/** The caller's own organisation and all beneath it. */
@Path(CloudManagerRoutes.BASE)
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class OrgResource {
    private final CurrentRequest current;
    private final Organisations organisations;
    private final Creation creation;
    private final Deletion deletion;
    private final Answers answers;
    private final CloudManagerRequests requests;

    OrgResource(
            CurrentRequest current,
            Organisations organisations,
            Creation creation,
            Deletion deletion,
            Answers answers,
            CloudManagerRequests requests) {
        this.current = current;
        this.organisations = organisations;
        this.creation = creation;
        this.deletion = deletion;
        this.answers = answers;
        this.requests = requests;
    }

    @GET
    @Path("/orgs")
    public Uni<Response> list() {
        var query = current.query();
        var format = ResponseFormat.read(query);
        var page = PageRequest.read(query);
        var wanted = query.text("name")
                .map(DisplayName::searchKeyOf)
                .map(Attributes::named)
                .orElse(Attributes.ANY);
        var withDeleted = query.flag("includeDeletedOrgs");
        query.check();
        var request = current.incoming();
        var listing = new Listing(true, withDeleted, wanted, null, page.skip(), page.size(), page.counted());
        return organisations
                .list(current.caller().scope(), listing)
                .map(found -> ListView.of(request, page, found, org -> OrgView.of(request, org)))
                .map(view -> answers.okList(request, format, view));
    }

    @POST
    @Path("/orgs")
    public Uni<Response> create(byte[] body) {
        var format = ResponseFormat.only(current.query());
        var request = current.incoming();
        var caller = current.caller();
        var name = requests.read(body, OrgRequest.class).name();
        var wanted = NewOrganisation.at(caller.locale(), name, null);
        return creation.create(caller.scope(), wanted, Set.of())
                .map(Creation.Created::organisation)
                .map(created -> Preconditions.tagged(
                        created.stateTag(), answers.ok(request, format, OrgView.of(request, created))));
    }

    @GET
    @Path("/orgs/{orgId}")
    public Uni<Response> get(@PathParam("orgId") OrgId id) {
        var format = ResponseFormat.only(current.query());
        var request = current.incoming();
        var preconditions = current.preconditions();
        return organisations
                .get(current.caller().scope(), id, false)
                .map(found -> preconditions.answer(
                        found.stateTag(), answers.ok(request, format, OrgView.of(request, found))));
    }

    @PATCH
    @Path("/orgs/{orgId}")
    public Uni<Response> rename(@PathParam("orgId") OrgId id, byte[] body) {
        var format = ResponseFormat.only(current.query());
        var request = current.incoming();
        var change =
                OrganisationChange.rename(requests.read(body, OrgRequest.class).name());
        var preconditions = current.preconditions();
        return organisations
                .update(current.caller().scope(), OrganisationRef.to(id), preconditions::allowChange, change)
                .map(renamed -> Preconditions.tagged(
                        renamed.stateTag(), answers.ok(request, format, OrgView.of(request, renamed))));
    }

    @DELETE
    @Path("/orgs/{orgId}")
    @TimeLimit(seconds = TimeLimit.DELETION_SECONDS)
    public Uni<Response> delete(@PathParam("orgId") OrgId id) {
        ResponseFormat.only(current.query());
        var preconditions = current.preconditions();
        return deletion.delete(current.caller().scope(), OrganisationRef.to(id), preconditions::allowChange)
                .map(deleted -> answers.noContent());
    }
}
