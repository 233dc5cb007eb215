package dev.offshoot.peer;

import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bson.types.ObjectId;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/** An organisation as it is stored. */
@Document("organisations")
record Organisation(
        @Id ObjectId id,
        ObjectId tenant,
        ObjectId parent,
        List<ObjectId> lineage,
        int depth,
        String name,
        String nameKey,
        String organisationKey,
        String country,
        Division division,
        boolean partner,
        String externalId,
        String liveExternalKey,
        boolean deleted,
        Instant deletedAt,
        List<ObjectId> deletions,
        List<ObjectId> restored,
        List<PendingTask> tasks,
        Instant taskDueAt,
        int members,
        List<ObjectId> owners,
        List<String> rootKeys,
        long revision,
        Long shown,
        Instant createdAt,
        Instant updatedAt) {

    static final int MAX_DEPTH = 16;

    record Division(String key, String name, String timezone) {}

    static Organisation create(Caller parent, NewOrganisation wanted, Instant now) {
        var id = new ObjectId();
        var lineage = new ArrayList<ObjectId>();
        lineage.add(id);
        lineage.addAll(parent.lineage());
        var externalId = wanted.externalId();
        return new Organisation(
                id,
                tenantOf(lineage),
                parent.root(),
                lineage,
                lineage.size() - 1,
                wanted.name(),
                searchKey(wanted.name()),
                urlKey(wanted.name()),
                wanted.country(),
                new Division(urlKey(wanted.divisionName()), wanted.divisionName(), wanted.timeZone()),
                wanted.partner(),
                externalId,
                externalId == null ? null : parent.root() + "/" + externalId,
                false,
                null,
                List.of(),
                List.of(),
                List.of(PendingTask.confirm(now)),
                PendingTask.dueAt(now),
                0,
                List.of(),
                List.of(),
                1,
                1L,
                now,
                now);
    }

    Organisation changed(String newName, String newExternalId, Instant now) {
        return new Organisation(
                id, tenant, parent, lineage, depth, newName, searchKey(newName), organisationKey, country, division,
                partner, newExternalId, newExternalId == null ? null : parent + "/" + newExternalId, deleted, deletedAt,
                deletions, restored, tasks, taskDueAt, members, owners, rootKeys, revision + 1, timesShown() + 1, createdAt, now);
    }

    /** Names the state that answers show. */
    String tag() {
        return "\"" + id + "-" + timesShown() + "\"";
    }

    private long timesShown() {
        return shown == null ? 0 : shown;
    }

    static ObjectId tenantOf(List<ObjectId> lineage) {
        return lineage.get(Math.max(0, lineage.size() - 2));
    }

    private static String searchKey(String name) {
        var folded = Normalizer.normalize(name, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFKC);
    }

    private static String urlKey(String name) {
        var ascii = Normalizer.normalize(name, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}+", "")
                .replaceAll("[^a-z0-9]+", "-");
        var cut = ascii.substring(0, Math.min(ascii.length(), 40)).replaceAll("^-+|-+$", "");
        return (cut.isEmpty() ? "org" : cut) + "-" + KeySecret.randomText(12);
    }
}
