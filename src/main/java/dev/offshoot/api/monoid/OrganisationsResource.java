package dev.offshoot.api.monoid;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.member.Members;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.provisioning.Creation;
import dev.offshoot.provisioning.Deletion;
import dev.offshoot.scope.OrgScope;
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
import java.util.Set;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * The calls about the caller's own organisation and everything beneath it ({@code contracts/monoid-organisations.txt}).
 */
@Path(MonoidRoutes.BASE)
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class OrganisationsResource {
    private static final int CREATED = 201;

    private final CurrentRequest current;
    private final Organisations organisations;
    private final Members members;
    private final Creation creation;
    private final Deletion deletion;
    private final MonoidRequests requests;

    OrganisationsResource(
            CurrentRequest current,
            Organisations organisations,
            Members members,
            Creation creation,
            Deletion deletion,
            MonoidRequests requests) {
        this.current = current;
        this.organisations = organisations;
        this.members = members;
        this.creation = creation;
        this.deletion = deletion;
        this.requests = requests;
    }

    @GET
    @TimeLimit(seconds = TimeLimit.LONG_LIST_SECONDS)
    public Uni<RestResponse<Answer<List<OrganisationView>>>> list() {
        var listing = ListAnswer.read(current.query());
        var request = current.incoming();
        var scope = current.caller().scope();
        return organisations
                .list(scope, listing)
                .chain(page -> members.of(scope, page))
                .map(page -> ListAnswer.of(scope, page, listing, request));
    }

    @POST
    @ResponseStatus(CREATED)
    public Uni<Answer<OrganisationView>> create(byte[] body) {
        var caller = current.caller();
        var scope = caller.scope();
        var wanted = requests.read(body, CreateOrganisationRequest.class).toNewOrganisation(caller);
        return creation.create(scope, wanted, Set.of())
                .map(created -> OrganisationView.of(scope, created.organisation())
                        .with(List.of())
                        .withPlanOf(created.organisation()))
                .map(Answer::new);
    }

    @GET
    @Path("/{id}")
    public Uni<RestResponse<Answer<OrganisationView>>> get(@PathParam("id") OrganisationRef ref) {
        var query = current.query();
        var withMembers = query.flag("includeMembers");
        var withPlan = query.flag("includePlan");
        query.check();
        var scope = current.caller().scope();
        if (withMembers) {
            return organisations
                    .get(scope, ref)
                    .chain(found -> viewWithMembers(scope, found, withPlan))
                    .map(Answer::new)
                    .map(RestResponse::ok);
        }
        var preconditions = current.preconditions();
        return organisations
                .get(scope, ref)
                .map(found -> preconditions.answer(found.stateTag(), new Answer<>(view(scope, found, withPlan))));
    }

    @PATCH
    @Path("/{id}")
    public Uni<Answer<OrganisationView>> rename(@PathParam("id") OrganisationRef ref, byte[] body) {
        var scope = current.caller().scope();
        var change = requests.read(body, RenameRequest.class).toChange(scope);
        var preconditions = current.preconditions();
        return organisations
                .update(scope, ref, preconditions::allowChange, change)
                .chain(renamed -> viewWithMembers(scope, renamed, true))
                .map(Answer::new);
    }

    @DELETE
    @Path("/{id}")
    @TimeLimit(seconds = TimeLimit.DELETION_SECONDS)
    public Uni<Void> delete(@PathParam("id") OrganisationRef ref) {
        var preconditions = current.preconditions();
        return deletion.delete(current.caller().scope(), ref, preconditions::allowChange)
                .replaceWithVoid();
    }

    private Uni<OrganisationView> viewWithMembers(OrgScope scope, Organisation found, boolean withPlan) {
        return members.all(scope, found).map(view(scope, found, withPlan)::with);
    }

    private static OrganisationView view(OrgScope scope, Organisation found, boolean withPlan) {
        var bare = OrganisationView.of(scope, found);
        return withPlan ? bare.withPlanOf(found) : bare;
    }
}
