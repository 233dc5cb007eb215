package dev.offshoot.testing.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.PartnerClient.Limits;
import dev.offshoot.testing.PartnerClient.Organisation;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An organisation of the model. Its tag is known from the first answer that has it until what is shown changes. */
final class Node {
    private final String parent;
    private final @Nullable Node parentNode;
    private final Created created;
    private final Set<String> formerTags = new HashSet<>();

    /** By id, as lists are ordered. */
    private final Map<String, NodeKey> keys = new TreeMap<>();

    private Organisation shown;
    private @Nullable String tag;
    private @Nullable Limits limits;

    Node(String parent, @Nullable Node parentNode, Created created) {
        this.parent = parent;
        this.parentNode = parentNode;
        this.created = created;
        this.shown = created.organisation();
        add(new NodeKey(created.apiKey(), "Standard key", List.of("standard"), shown.createdAt()));
        if (created.partnerKey() != null) {
            add(new NodeKey(created.partnerKey(), "Partner key", List.of("partner"), shown.createdAt()));
        }
    }

    void add(NodeKey key) {
        keys.put(key.id(), key);
    }

    Collection<NodeKey> keys() {
        return keys.values();
    }

    Optional<NodeKey> key(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Nullable
    Limits limits() {
        return limits;
    }

    void limit(@Nullable Limits next) {
        limits = next;
    }

    /** With the keys that were shown once. */
    Created created() {
        return created;
    }

    String id() {
        return shown.id();
    }

    Organisation shown() {
        return shown;
    }

    @Nullable
    String tag() {
        return tag;
    }

    Set<String> formerTags() {
        return formerTags;
    }

    boolean isLive() {
        return shown.deletedAt() == null;
    }

    boolean isChildOf(String organisation) {
        return parent.equals(organisation);
    }

    boolean hasParentOf(Node sibling) {
        return isChildOf(sibling.parent);
    }

    boolean isBeneath(String organisation) {
        return isChildOf(organisation) || (parentNode != null && parentNode.isBeneath(organisation));
    }

    /** Strong, the same while the same is shown, and never one that was there before. */
    void hasTag(String seen) {
        assertThat(seen).matches("\"[^\"]+\"").isNotIn(formerTags);
        if (tag != null) {
            assertThat(seen).isEqualTo(tag);
        }
        tag = seen;
    }

    void update(@Nullable String name, @Nullable String externalId, Instant at) {
        show(with(name == null ? shown.name() : name, externalId, null, at));
    }

    void delete(Instant at) {
        show(with(shown.name(), shown.externalId(), at, at));
    }

    private void show(Organisation next) {
        if (tag != null) {
            formerTags.add(tag);
        }
        tag = null;
        shown = next;
    }

    private Organisation with(
            String name, @Nullable String externalId, @Nullable Instant deletedAt, Instant updatedAt) {
        return new Organisation(
                shown.id(),
                shown.key(),
                name,
                shown.country(),
                shown.divisionKey(),
                externalId,
                shown.partner(),
                deletedAt,
                shown.createdAt(),
                updatedAt);
    }
}
