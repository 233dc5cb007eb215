package dev.offshoot.member;

import dev.offshoot.organisation.Organisation;
import dev.offshoot.scope.Scoped;
import dev.offshoot.task.TaskType;
import dev.offshoot.value.EmailAddress;
import dev.offshoot.value.OrgId;
import io.quarkus.mongodb.panache.common.MongoEntity;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.pojo.annotations.BsonProperty;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * A member of an organisation, as it is stored.
 *
 * @param id the organisation's id and the user's, so that there is one of each
 * @param membership which stay of that user in the organisation this is: another one is another membership
 * @param role what it came as, or was made last when it is no owner; who is one, the organisation's record says
 * @param emailKey the form of the e-mail address that it is compared by
 * @param revision counts the changes; every change is made under the revision that was read
 */
@MongoEntity(collection = "members")
public record Member(
        @BsonId String id,
        OrgId tenant,
        OrgId organisation,
        List<OrgId> lineage,
        @BsonProperty("user_id") String userId,
        ObjectId membership,
        MemberRole role,
        @Nullable String email,
        @BsonProperty("email_key") @Nullable String emailKey,
        @Nullable String name,
        @BsonProperty("image_url") @Nullable String imageUrl,
        long revision,
        @BsonProperty("created_at") Instant createdAt,
        @BsonProperty("updated_at") Instant updatedAt)
        implements Scoped {

    public Member {
        lineage = List.copyOf(lineage);
    }

    static Member of(Organisation organisation, NewMember wanted, Instant now) {
        var profile = wanted.profile();
        return new Member(
                idOf(organisation.id(), wanted.userId()),
                organisation.tenant(),
                organisation.id(),
                organisation.lineage(),
                wanted.userId(),
                new ObjectId(),
                wanted.role(),
                profile.email(),
                keyOf(profile.email()),
                profile.name(),
                profile.imageUrl(),
                1,
                now,
                now);
    }

    static String idOf(OrgId organisation, String userId) {
        return organisation + "/" + userId;
    }

    /** As everybody sees it: an owner when the organisation's record says so, or will once its addition is confirmed. */
    Member seenIn(Organisation organisation) {
        if (organisation.isOwnedBy(membership)) {
            return as(MemberRole.OWNER);
        }
        var comes = organisation.hasTask(TaskType.MEMBER_ADDITION, membership);
        return role == MemberRole.OWNER && !comes ? as(MemberRole.MEMBER) : this;
    }

    Member as(MemberRole newRole) {
        if (newRole == role) {
            return this;
        }
        return new Member(
                id,
                tenant,
                organisation,
                lineage,
                userId,
                membership,
                newRole,
                email,
                emailKey,
                name,
                imageUrl,
                revision,
                createdAt,
                updatedAt);
    }

    /** The same after a change of its profile and of the role that it has when it is no owner. */
    Member changed(MemberChange change, Instant now) {
        var newRole = change.role().given() && change.role().value() != MemberRole.OWNER
                ? change.role().value()
                : role;
        var newEmail = change.email().orElse(email);
        return new Member(
                id,
                tenant,
                organisation,
                lineage,
                userId,
                membership,
                Objects.requireNonNull(newRole),
                newEmail,
                keyOf(newEmail),
                change.name().orElse(name),
                change.imageUrl().orElse(imageUrl),
                revision + 1,
                createdAt,
                now);
    }

    private static @Nullable String keyOf(@Nullable String email) {
        return email == null ? null : EmailAddress.searchKeyOf(email);
    }

    /** Whether the other differs in nothing that can be changed. */
    boolean sameContent(Member other) {
        return role == other.role
                && Objects.equals(email, other.email)
                && Objects.equals(name, other.name)
                && Objects.equals(imageUrl, other.imageUrl);
    }
}
