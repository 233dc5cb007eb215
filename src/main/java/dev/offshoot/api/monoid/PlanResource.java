package dev.offshoot.api.monoid;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.failure.Failure;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.plan.Plan;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** The calls about an organisation's billing plan. Only a partner above the organisation may write it. */
@Path(MonoidRoutes.BASE)
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class PlanResource {
    private static final String PLAN = "/{id}/plan";

    private final CurrentRequest current;
    private final Organisations organisations;
    private final MonoidRequests requests;

    PlanResource(CurrentRequest current, Organisations organisations, MonoidRequests requests) {
        this.current = current;
        this.organisations = organisations;
        this.requests = requests;
    }

    @GET
    @Path(PLAN)
    public Uni<Answer<PlanView>> get(@PathParam("id") OrganisationRef ref) {
        return organisations
                .get(current.caller().scope(), ref)
                .map(PlanResource::planOf)
                .map(PlanResource::answer);
    }

    @PUT
    @Path(PLAN)
    public Uni<Answer<PlanView>> put(@PathParam("id") OrganisationRef ref, byte[] body) {
        var plan = requests.read(body, PlanRequest.class).toPlan();
        var preconditions = current.preconditions();
        return organisations
                .setPlan(current.caller().scope(), ref, preconditions::allowChange, plan)
                .replaceWith(answer(plan));
    }

    @DELETE
    @Path(PLAN)
    public Uni<Void> remove(@PathParam("id") OrganisationRef ref) {
        var preconditions = current.preconditions();
        return organisations
                .removePlan(current.caller().scope(), ref, preconditions::allowChange)
                .replaceWithVoid();
    }

    private static Plan planOf(Organisation organisation) {
        return Optional.ofNullable(organisation.plan())
                .orElseThrow(() -> new Failure.NotFound(Failure.Subject.PLAN).asException());
    }

    private static Answer<PlanView> answer(Plan plan) {
        return new Answer<>(PlanView.of(plan));
    }
}
