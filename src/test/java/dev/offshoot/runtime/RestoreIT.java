package dev.offshoot.runtime;

import static com.mongodb.client.model.Filters.gte;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoDatabase;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.runtime.database.Migrations;
import dev.offshoot.testing.DigestClient;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service on documents that were copied from another database, as the operating guide tells of backups. */
class RestoreIT {
    @TempDir
    Path folder;

    private final KeySecret root = KeySecret.mint();
    private final MongoDatabase original = fresh();
    private final MongoDatabase restored = fresh();

    @Test
    void restoredInstallationServesOnceWhatEndedSinceTheBackupIsEndedAgain() {
        PartnerClient.Created kept;
        PartnerClient.Created deleted;
        PartnerClient.Key revoked;
        Map<String, List<Document>> backup;
        Instant taken;
        try (var service = start(original)) {
            var client = service.client(root.reveal());
            kept = client.createPartner("Kept");
            deleted = client.create("Deleted");
            revoked = client.mint(PartnerClient.keysOf(kept.id()), "standard");
            backup = documents(original);
            taken = Instant.now();
            client.delete(deleted.id());
            client.revoke(PartnerClient.keysOf(kept.id()) + "/" + revoked.id());
            assertThat(client.verify(revoked.secret()).code()).isEqualTo("revoked");
        }
        restore(backup);

        try (var service = start(restored)) {
            var client = service.client(root.reveal());
            assertThat(indexes(restored)).contains(new Document("organisation_key", 1));
            assertThat(DigestClient.with(service.base(), kept.partnerKey())
                            .session()
                            .send("GET", "/api/public/v1.0/orgs")
                            .status())
                    .isEqualTo(200);
            assertThat(client.verify(revoked.secret()).code()).isEqualTo("valid");
            assertThat(client.verify(deleted.apiKey()).code()).isEqualTo("valid");

            endedSince("api_keys", "revoked_at", taken)
                    .forEach(key -> client.revoke(PartnerClient.keysOf(
                                    key.getObjectId("organisation").toHexString()) + "/" + key.getString("_id")));
            endedSince("organisations", "deleted_at", taken)
                    .forEach(organisation ->
                            client.delete(organisation.getObjectId("_id").toHexString()));

            assertThat(client.verify(revoked.secret()).code()).isEqualTo("revoked");
            assertThat(client.verify(deleted.apiKey()).code()).isEqualTo("organisation_deleted");
        }
    }

    private ServiceProcess start(MongoDatabase database) {
        return ServiceProcess.start(
                folder,
                Map.of(
                        "quarkus.mongodb.connection-string", TestDatabase.uri(),
                        "quarkus.mongodb.database", database.getName(),
                        "offshoot.root.key", root.reveal(),
                        "offshoot.key-encryption.current", Installation.encryptionKey()));
    }

    private static MongoDatabase fresh() {
        return TestDatabase.client().getDatabase(TestDatabase.newName());
    }

    private static Map<String, List<Document>> documents(MongoDatabase database) {
        return database.listCollectionNames().into(new ArrayList<>()).stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        name -> database.getCollection(name).find().into(new ArrayList<>())));
    }

    /** The documents and no indexes; so without the notes of migrations, that the start makes those again. */
    private void restore(Map<String, List<Document>> backup) {
        backup.forEach((name, documents) -> {
            if (!name.equals(Migrations.COLLECTION) && !documents.isEmpty()) {
                restored.getCollection(name).insertMany(documents);
            }
        });
    }

    private List<Document> endedSince(String collection, String field, Instant time) {
        var found = original.getCollection(collection).find(gte(field, time)).into(new ArrayList<>());
        assertThat(found).hasSize(1);
        return found;
    }

    private static List<Document> indexes(MongoDatabase database) {
        return database.getCollection("organisations")
                .listIndexes()
                .map(index -> index.get("key", Document.class))
                .into(new ArrayList<>());
    }
}
