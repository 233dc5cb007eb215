package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.CurrentRequest;
import dev.offshoot.api.QueryReader;
import dev.offshoot.api.TimeLimit;
import dev.offshoot.failure.Failure;
import dev.offshoot.organisation.Change;
import dev.offshoot.organisation.CountryCode;
import dev.offshoot.organisation.Listing;
import dev.offshoot.organisation.NewOrganisation;
import dev.offshoot.organisation.OrganisationChange;
import dev.offshoot.organisation.OrganisationName;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.organisation.TimeZoneId;
import dev.offshoot.provisioning.Creation;
import dev.offshoot.provisioning.Deletion;
import dev.offshoot.scope.OrgId;
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
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;

/** The caller's own organisation and all beneath it. */
@Path(CloudManagerRoutes.BASE)
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class OrgResource {
    private static final int DELETION_SECONDS = 60;

    private final CurrentRequest current;
    private final Organisations organisations;
    private final Creation creation;
    private final Deletion deletion;
    private final Answers answers;

    OrgResource(
            CurrentRequest current,
            Organisations organisations,
            Creation creation,
            Deletion deletion,
            Answers answers) {
        this.current = current;
        this.organisations = organisations;
        this.creation = creation;
        this.deletion = deletion;
        this.answers = answers;
    }

    @GET
    @Path("/orgs")
    public Uni<Response> list(UriInfo uri) {
        var query = QueryReader.of(uri);
        var form = Form.read(query);
        var page = PageRequest.read(query);
        var name = query.text("name").map(OrganisationName::searchKeyOf).orElse(null);
        var withDeleted = query.flag("includeDeletedOrgs");
        query.check();
        var request = current.incoming();
        var listing = new Listing(true, withDeleted, name, null, page.skip(), page.size(), page.counted());
        return organisations
                .list(current.caller().scope(), listing)
                .map(found -> ListView.of(request, page, found, org -> OrgView.of(request, org)))
                .map(view -> answers.okList(request, form, view));
    }

    @POST
    @Path("/orgs")
    public Uni<Response> create(UriInfo uri, byte[] body) {
        var form = Form.read(uri);
        var request = current.incoming();
        var caller = current.caller();
        var name = Requests.organisationName(body);
        var country = new CountryCode(caller.home().country());
        var timeZone = new TimeZoneId(caller.home().timeZone());
        var wanted = new NewOrganisation(name, country, name, timeZone, null, false);
        return creation.create(caller.scope(), wanted, Set.of())
                .map(created -> answers.ok(request, form, OrgView.of(request, created.organisation())));
    }

    @GET
    @Path("/orgs/{orgId}")
    public Uni<Response> get(@PathParam("orgId") OrgId id, UriInfo uri) {
        var form = Form.read(uri);
        var request = current.incoming();
        return organisations
                .get(current.caller().scope(), id, false)
                .map(found -> answers.ok(request, form, OrgView.of(request, found)));
    }

    @PATCH
    @Path("/orgs/{orgId}")
    public Uni<Response> rename(@PathParam("orgId") OrgId id, UriInfo uri, byte[] body) {
        var form = Form.read(uri);
        var request = current.incoming();
        var change = new OrganisationChange(Change.to(Requests.organisationName(body)), Change.none());
        return organisations
                .update(current.caller().scope(), id, change)
                .map(renamed -> answers.ok(request, form, OrgView.of(request, renamed)));
    }

    /** Nobody deletes its own organisation. */
    @DELETE
    @Path("/orgs/{orgId}")
    @TimeLimit(seconds = DELETION_SECONDS)
    public Uni<Response> delete(@PathParam("orgId") OrgId id, UriInfo uri) {
        Form.read(uri);
        var scope = current.caller().scope();
        if (id.equals(scope.root())) {
            return Uni.createFrom().failure(new Failure.Forbidden().asException());
        }
        return deletion.delete(scope.beneath(), id).map(deleted -> answers.noContent());
    }
}
