package dev.offshoot.member;

import static dev.offshoot.failure.Failure.Subject.MEMBER;

import dev.offshoot.failure.Failure;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.OrganisationRef;
import dev.offshoot.organisation.OrganisationRepository;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Page;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.TaskType;
import dev.offshoot.value.OrgId;
import dev.offshoot.value.Patch;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.bson.types.ObjectId;

/**
 * Who belongs to an organisation. The last owner stays: an owner is removed or demoted only by an update of the
 * organisation's record that demands another one. Members that are given out have the role that they are seen with.
 */
@Singleton
public class Members {
    /** A page of organisations ends behind the one with which it comes to hold so many members. */
    public static final int MOST_OF_PAGE = 5000;

    /** Members that may be added between reading a page of organisations and reading their members. */
    private static final int UNDER_WAY = 100;

    private final Organisations organisations;
    private final OrganisationRepository repository;
    private final MemberRepository members;
    private final MembershipSlots slots;
    private final Clock clock;

    Members(
            Organisations organisations,
            OrganisationRepository repository,
            MemberRepository members,
            MembershipSlots slots,
            Clock clock) {
        this.organisations = organisations;
        this.repository = repository;
        this.members = members;
        this.slots = slots;
        this.clock = clock;
    }

    /** An organisation and all its members. */
    public record OrganisationWithMembers(Organisation organisation, List<Member> members) {
        public OrganisationWithMembers {
            members = List.copyOf(members);
        }
    }

    /** All members of an organisation that was just read, in order of their user ids. */
    public Uni<List<Member>> all(OrgScope scope, Organisation organisation) {
        return members.list(scope, List.of(organisation), 0, organisation.memberCount() + UNDER_WAY)
                .map(found -> seen(organisation, found));
    }

    /** A page of the members of an organisation that was just read, in order of their memberships. */
    public Uni<Page<Member>> page(OrgScope scope, Organisation organisation, int skip, int limit, boolean counted) {
        var fetched = members.page(scope, organisation, skip, limit + 1).map(found -> seen(organisation, found));
        if (!counted) {
            return fetched.map(found -> Page.of(found, limit, OptionalLong.empty()));
        }
        return Uni.combine()
                .all()
                .unis(fetched, members.count(scope, organisation))
                .with((found, total) -> Page.of(found, limit, OptionalLong.of(total)));
    }

    /** The members of a page of organisations, all in one command; the page may come out shorter, with more behind it. */
    public Uni<Page<OrganisationWithMembers>> of(OrgScope scope, Page<Organisation> page) {
        if (page.records().isEmpty()) {
            return Uni.createFrom().item(new Page<>(List.of(), page.total(), page.more()));
        }
        var held = 0;
        var shown = new ArrayList<Organisation>();
        for (var organisation : page.records()) {
            if (held >= MOST_OF_PAGE) {
                break;
            }
            shown.add(organisation);
            held += organisation.memberCount();
        }
        var more = page.more() || shown.size() < page.records().size();
        return members.list(scope, shown, 0, held + UNDER_WAY)
                .map(found -> new Page<>(withMembers(shown, found), page.total(), more));
    }

    /** The member; fails with {@link Failure.NotFound}. */
    public Uni<Member> get(OrgScope scope, Organisation organisation, String userId) {
        return require(scope, organisation, userId).map(found -> found.seenIn(organisation));
    }

    /** As {@link #get(OrgScope, Organisation, String)} for the membership of that id. */
    public Uni<Member> get(OrgScope scope, Organisation organisation, ObjectId membership) {
        return members.findPresent(scope, organisation, membership)
                .map(Members::require)
                .map(found -> found.seenIn(organisation));
    }

    /**
     * Whether the organisation, which was just read, has a member with that e-mail address.
     *
     * @param emailKey the form that addresses are compared by
     */
    public Uni<Boolean> hasEmail(OrgScope scope, Organisation organisation, String emailKey) {
        return members.findByEmail(scope, organisation, emailKey).map(Optional::isPresent);
    }

    /** Adds a member, and ends its invitation; fails with {@link Failure.MemberExists} or {@link Failure.LimitExceeded}. */
    public Uni<Member> add(OrgScope scope, OrganisationRef ref, NewMember wanted) {
        return organisations
                .get(scope, ref)
                .chain(found -> slots.add(scope, found, Member.of(found, wanted, clock.instant())));
    }

    /**
     * Changes a member, and ends the invitation of an e-mail address that it is given. Fails with {@link Failure.LastOwner} when it is the last owner and is to be one no more, and with
     * {@link Failure.LimitExceeded} when there are too many; then nothing is changed.
     */
    public Uni<Member> change(OrgScope scope, OrganisationRef ref, String userId, MemberChange change) {
        return organisations.revise(scope, ref, organisation -> require(scope, organisation, userId)
                .chain(member -> change(scope, organisation, member, change)));
    }

    /** Removes a member; fails with {@link Failure.NotFound} or {@link Failure.LastOwner}. */
    public Uni<Void> remove(OrgScope scope, OrganisationRef ref, String userId) {
        return organisations
                .revise(scope, ref, organisation -> require(scope, organisation, userId)
                        .chain(member -> decideRemoval(scope, organisation, member)))
                .chain(removal -> slots.finish(scope, removal.organisation().id(), removal.task()));
    }

    private record Removal(Organisation organisation, PendingTask task) {}

    private Uni<Optional<Removal>> decideRemoval(OrgScope scope, Organisation organisation, Member member) {
        if (organisation.hasTask(TaskType.MEMBER_ADDITION, member.membership())) {
            return slots.confirmPending(scope, organisation, member).replaceWith(Optional.empty());
        }
        if (isLastOwner(organisation, member)) {
            return againIfAnotherComes(scope, organisation);
        }
        var removal = new Removal(organisation, PendingTask.memberRemoval(clock.instant(), member.membership()));
        return repository
                .removeMember(scope, organisation, removal.task())
                .map(decided -> decided ? Optional.of(removal) : Optional.empty());
    }

    private Uni<Optional<Member>> change(
            OrgScope scope, Organisation organisation, Member member, MemberChange change) {
        if (organisation.hasTask(TaskType.MEMBER_ADDITION, member.membership())) {
            return slots.confirmPending(scope, organisation, member).replaceWith(Optional.empty());
        }
        var before = member.seenIn(organisation).role();
        var after = change.role().given() ? change.role().value() : before;
        if (after == MemberRole.OWNER && before != MemberRole.OWNER) {
            return promote(scope, organisation, member, change);
        }
        return before == MemberRole.OWNER && after != MemberRole.OWNER
                ? demote(scope, organisation, member, change)
                : store(scope, member, change, before == MemberRole.OWNER);
    }

    private Uni<Optional<Member>> promote(
            OrgScope scope, Organisation organisation, Member member, MemberChange change) {
        if (organisation.ownerCount() >= MembershipSlots.MAX_OWNERS) {
            return Uni.createFrom().failure(MembershipSlots.tooManyOwners());
        }
        return repository
                .addOwner(scope, organisation, member.membership())
                .chain(done -> done ? store(scope, member, change, true) : again());
    }

    /** Its new role is written first; nobody sees it while it is an owner. */
    private Uni<Optional<Member>> demote(
            OrgScope scope, Organisation organisation, Member member, MemberChange change) {
        if (isLastOwner(organisation, member)) {
            return againIfAnotherComes(scope, organisation);
        }
        var onlyRole = new MemberChange(change.role(), Patch.none(), Patch.none(), Patch.none());
        return store(scope, member, onlyRole, false)
                .chain(prepared ->
                        prepared.isPresent() ? resign(scope, organisation, prepared.get(), change) : again());
    }

    private Uni<Optional<Member>> resign(
            OrgScope scope, Organisation organisation, Member member, MemberChange change) {
        return repository
                .removeOwner(scope, organisation, member.membership())
                .chain(done -> done ? store(scope, member, change, false) : again());
    }

    private Uni<Optional<Member>> store(OrgScope scope, Member read, MemberChange change, boolean asOwner) {
        var changed = read.changed(change, clock.instant());
        var shown = asOwner ? changed.as(MemberRole.OWNER) : changed;
        var stored = changed.sameContent(read) ? Uni.createFrom().item(true) : members.change(scope, read, changed);
        return stored.call(done -> done && change.email().given()
                        ? slots.endInvitation(scope, changed)
                        : Uni.createFrom().voidItem())
                .map(done -> done ? Optional.of(shown) : Optional.empty());
    }

    private Uni<Member> require(OrgScope scope, Organisation organisation, String userId) {
        return members.find(scope, organisation, userId).map(Members::require);
    }

    private static Member require(Optional<Member> found) {
        return found.orElseThrow(() -> new Failure.NotFound(MEMBER).asException());
    }

    /** An owner whose addition was cut off counts once it is confirmed. */
    private <T> Uni<Optional<T>> againIfAnotherComes(OrgScope scope, Organisation organisation) {
        return slots.confirmAllPending(scope, organisation).map(confirmed -> {
            if (!confirmed) {
                throw new Failure.LastOwner().asException();
            }
            return Optional.empty();
        });
    }

    private static boolean isLastOwner(Organisation organisation, Member member) {
        return organisation.isOwnedBy(member.membership()) && organisation.ownerCount() == 1;
    }

    private static List<OrganisationWithMembers> withMembers(List<Organisation> shown, List<Member> found) {
        Map<OrgId, List<Member>> theirs = found.stream().collect(Collectors.groupingBy(Member::organisation));
        return shown.stream()
                .map(organisation -> new OrganisationWithMembers(
                        organisation, seen(organisation, theirs.getOrDefault(organisation.id(), List.of()))))
                .toList();
    }

    private static List<Member> seen(Organisation organisation, List<Member> members) {
        return members.stream().map(member -> member.seenIn(organisation)).toList();
    }

    private static <T> Uni<Optional<T>> again() {
        return Uni.createFrom().item(Optional.empty());
    }
}
