package dev.offshoot.member;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.nin;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;

import dev.offshoot.database.DatabaseGate;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.TaskType;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** The members' collection. Members whose removal is decided are not there any more, though their records may be. */
@Singleton
class MemberRepository extends ScopedRepository<Member, String> {

    private static final class Raw implements ReactivePanacheMongoRepositoryBase<Member, String> {}

    MemberRepository(DatabaseGate gate) {
        super(
                gate,
                new Raw(),
                index("organisation", "user_id"),
                index("organisation", "membership"),
                index("organisation", "email_key"));
    }

    Uni<Optional<Member>> find(OrgScope scope, Organisation organisation, String userId) {
        var id = Member.idOf(organisation.id(), userId);
        return find(scope, and(eq("_id", id), present(List.of(organisation))));
    }

    Uni<Optional<Member>> find(OrgScope scope, OrgId organisation, ObjectId membership) {
        return find(scope, and(eq("organisation", organisation), eq("membership", membership)));
    }

    /** As {@link #find(OrgScope, OrgId, ObjectId)} unless its removal is decided. */
    Uni<Optional<Member>> findPresent(OrgScope scope, Organisation organisation, ObjectId membership) {
        return find(scope, and(eq("membership", membership), present(List.of(organisation))));
    }

    /** One of the members with that e-mail address, if there is any. */
    Uni<Optional<Member>> findByEmail(OrgScope scope, Organisation organisation, String emailKey) {
        return find(scope, and(eq("email_key", emailKey), present(List.of(organisation))));
    }

    /** A part of an organisation's members, in order of their memberships. */
    Uni<List<Member>> page(OrgScope scope, Organisation organisation, int skip, int limit) {
        return list(scope, present(List.of(organisation)), ascending("membership"), skip, limit);
    }

    /** Members of those organisations, in order of organisations and user ids, in one command. */
    Uni<List<Member>> list(OrgScope scope, List<Organisation> organisations, int skip, int limit) {
        return list(scope, present(organisations), ascending("organisation", "user_id"), skip, limit);
    }

    Uni<Long> count(OrgScope scope, Organisation organisation) {
        return count(scope, present(List.of(organisation)));
    }

    Uni<Void> insert(OrgScope scope, Member member) {
        return insert(scope, member, member.id());
    }

    /** Stores what a change made of a member, if nobody else changed it since it was read. */
    Uni<Boolean> change(OrgScope scope, Member read, Member changed) {
        return update(
                scope,
                and(eq("_id", read.id()), eq("membership", read.membership()), eq("revision", read.revision())),
                combine(
                        set("role", changed.role()),
                        setOrUnset("email", changed.email()),
                        setOrUnset("email_key", changed.emailKey()),
                        setOrUnset("name", changed.name()),
                        setOrUnset("image_url", changed.imageUrl()),
                        set("updated_at", changed.updatedAt()),
                        set("revision", changed.revision())));
    }

    Uni<Void> remove(OrgScope scope, OrgId organisation, ObjectId membership) {
        return remove(scope, and(eq("organisation", organisation), eq("membership", membership)));
    }

    private static Bson present(List<Organisation> organisations) {
        var ids = organisations.stream().map(Organisation::id).toList();
        var gone = organisations.stream()
                .flatMap(organisation -> organisation.tasks(TaskType.MEMBER_REMOVAL).stream())
                .map(PendingTask::subject)
                .toList();
        var theirs = ids.size() == 1 ? eq("organisation", ids.get(0)) : in("organisation", ids);
        return gone.isEmpty() ? theirs : and(theirs, nin("membership", gone));
    }
}
