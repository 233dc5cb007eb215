package dev.offshoot.testing;

import static com.mongodb.client.model.Filters.eq;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.apikey.SealedKeys;
import dev.offshoot.testing.PartnerClient.Created;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.types.ObjectId;

/** Organisations in numbers, put there by hand. */
public final class ManyOrganisations {
    /** One of the many. */
    public record Copy(String id, String key) {}

    private ManyOrganisations() {}

    /** Stores so many brothers of an organisation that differ from it in nothing but their ids and keys. */
    public static void copy(Created original, int copies) {
        store(original, copies);
    }

    /** As {@link #copy}, each with a partner key of its own. */
    public static List<Copy> copyWithKeys(Created partner, int copies) {
        var key = key(Objects.requireNonNull(partner.partnerKey()));
        var made = new ArrayList<Copy>();
        var keys = new ArrayList<Document>();
        for (var organisation : store(partner, copies)) {
            var secret = KeySecret.mint();
            made.add(new Copy(organisation.getObjectId("_id").toHexString(), secret.reveal()));
            keys.add(new Document(key)
                    .append("_id", secret.id().value())
                    .append("digest", secret.digest())
                    .append("hint", secret.hint())
                    .append("sealed_ha1", SealedKeys.sealedHa1(secret))
                    .append("tenant", organisation.get("tenant"))
                    .append("organisation", organisation.get("_id"))
                    .append("lineage", organisation.get("lineage")));
        }
        TestDatabase.data().getCollection("api_keys").insertMany(keys);
        return made;
    }

    private static List<Document> store(Created original, int copies) {
        var stored = Stored.organisation(original.id());
        var all = IntStream.range(0, copies).mapToObj(number -> copy(stored)).toList();
        TestDatabase.data().getCollection("organisations").insertMany(all);
        return all;
    }

    private static Document copy(Document original) {
        var id = new ObjectId();
        var lineage = new ArrayList<>(original.getList("lineage", ObjectId.class));
        lineage.set(lineage.indexOf(original.getObjectId("_id")), id);
        var copy = new Document(original)
                .append("_id", id)
                .append("lineage", lineage)
                .append("organisation_key", "copy-" + id);
        if (original.get("tenant").equals(original.get("_id"))) {
            copy.append("tenant", id);
        }
        return withoutTasks(copy);
    }

    private static Document key(String key) {
        var id = KeySecret.parse(key).orElseThrow().id().value();
        return withoutTasks(Objects.requireNonNull(TestDatabase.data()
                .getCollection("api_keys")
                .find(eq("_id", id))
                .first()));
    }

    private static Document withoutTasks(Document document) {
        document.remove("tasks");
        document.remove("task_due_at");
        return document;
    }
}
