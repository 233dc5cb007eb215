package dev.offshoot.invitation;

import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.task.PendingTask;
import dev.offshoot.task.RecordWithTasks;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * An invitation to an organisation, as it is stored.
 *
 * @param id the organisation's id and the e-mail address in the form that addresses are compared by, so that there is one of
 *     each
 * @param invitation which invitation of that person this is, as clients know it: a later one is another
 * @param slot the organisation's id and a number below {@link #MAX_OPEN}, unique, so that there are no more
 * @param username the person's e-mail address, as it was sent
 * @param by the key that invited
 * @param byDepth how deep the organisation of that key is in the tree: it is this one or above it
 * @param tasks its confirmation, while it is pending: whether the person is no member
 * @param taskDueAt when the queue confirms it, if the request has not
 */
@MongoEntity(collection = "invitations")
public record Invitation(
        @BsonId String id,
        OrgId tenant,
        OrgId organisation,
        List<OrgId> lineage,
        ObjectId invitation,
        String slot,
        @BsonProperty("username_key") String usernameKey,
        String username,
        List<InvitationRole> roles,
        KeyId by,
        @BsonProperty("by_depth") int byDepth,
        @BsonProperty("created_at") Instant createdAt,
        @BsonProperty("expires_at") Instant expiresAt,
        List<PendingTask> tasks,
        @BsonProperty("task_due_at") @Nullable Instant taskDueAt)
        implements RecordWithTasks<String> {

    /** How many an organisation may have open. */
    public static final int MAX_OPEN = 1000;

    /** How long one is open. */
    public static final Duration LIFE = Duration.ofDays(30);

    public Invitation {
        lineage = List.copyOf(lineage);
        roles = List.copyOf(roles);
        tasks = tasks == null ? List.of() : List.copyOf(tasks);
    }

    /** A new one with its confirmation pending. */
    static Invitation of(Organisation organisation, NewInvitation wanted, String slot, Instant now) {
        var tasks = List.of(PendingTask.confirm(now));
        return new Invitation(
                idOf(organisation.id(), wanted.username().searchKey()),
                organisation.tenant(),
                organisation.id(),
                organisation.lineage(),
                new ObjectId(),
                slot,
                wanted.username().searchKey(),
                wanted.username().text(),
                wanted.roles(),
                wanted.by(),
                wanted.byDepth(),
                now,
                now.plus(LIFE),
                tasks,
                PendingTask.firstDueAt(tasks));
    }

    static String idOf(OrgId organisation, String usernameKey) {
        return organisation + "/" + usernameKey;
    }

    /** All slots of an organisation. */
    static List<String> slotsOf(OrgId organisation) {
        return IntStream.range(0, MAX_OPEN)
                .mapToObj(number -> organisation + "/" + number)
                .toList();
    }

    /** The key that invited, unless it is of an organisation above all that the reader may see. */
    public Optional<KeyId> inviterIn(OrgScope reader) {
        return Optional.of(by).filter(key -> byDepth >= reader.depth());
    }

    boolean isOpen(Instant now) {
        return now.isBefore(expiresAt);
    }

    Invitation inSlot(String newSlot) {
        return with(newSlot, roles);
    }

    /** The same with those roles, each once. */
    Invitation withRoles(List<InvitationRole> newRoles) {
        return with(slot, newRoles.stream().distinct().toList());
    }

    private Invitation with(String newSlot, List<InvitationRole> newRoles) {
        return new Invitation(
                id,
                tenant,
                organisation,
                lineage,
                invitation,
                newSlot,
                usernameKey,
                username,
                newRoles,
                by,
                byDepth,
                createdAt,
                expiresAt,
                tasks,
                taskDueAt);
    }
}
