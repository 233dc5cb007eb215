package dev.offshoot.runtime;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Limits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A customer whose every write is answered, and what the answers say of it. */
final class AcknowledgedCustomer {
    private static final int ID_FROM = 4;
    private static final int ID_TO = 16;

    private final Write creation;
    private final Answer created;
    private final String externalId;
    private final String id;
    private final String path;
    private final Map<String, Key> keys = new HashMap<>();
    private final Set<String> endedKeys = new HashSet<>();
    private String name = "Customer";
    private @Nullable Limits limits;
    private boolean isDeleted;

    /** @param key under which it is sent until it is answered */
    record Write(String method, String path, @Nullable Object body, String key) {
        Answer send(PartnerClient partner) {
            return partner.call(method, path, body == null ? null : Http.text(body), Map.of("Idempotency-Key", key));
        }
    }

    /** Sends a write until it is answered. */
    interface Sender {
        Answer untilAnswered(Write write);
    }

    private record Key(String secret, String name) {}

    /** Creates it by one of the two calls that do. */
    AcknowledgedCustomer(String externalId, boolean byExternalId, Sender sender) {
        this.externalId = externalId;
        this.creation = byExternalId ? put(externalId) : post(externalId);
        this.created = sender.untilAnswered(creation);
        var organisation = created.json().at("/data/organisation");
        this.id = organisation.get("organisation_id").textValue();
        this.path = "/organisations/" + id;
        var secret = organisation.get("organisation_api_key").textValue();
        keys.put(secret.substring(ID_FROM, ID_TO), new Key(secret, "Standard key"));
    }

    private static Write post(String externalId) {
        var body = PartnerClient.body("Customer");
        body.put("partner_external_id", externalId);
        return new Write("POST", "/organisations", body, externalId);
    }

    private static Write put(String externalId) {
        return new Write("PUT", PartnerClient.byExternalId(externalId), PartnerClient.body("Customer"), externalId);
    }

    boolean isLive() {
        return !isDeleted;
    }

    /** Makes one of the changes that there are. */
    void change(Random random, String key, Sender sender) {
        switch (random.nextInt(keys.isEmpty() ? 6 : 10)) {
            case 0 -> {
                name = "Name " + key;
                sender.untilAnswered(new Write("PATCH", path, Map.of("organisation_name", name), key));
            }
            case 1 -> {
                var mint = Map.of("name", "Key " + key, "roles", List.of("standard"));
                know(sender.untilAnswered(new Write("POST", PartnerClient.keysOf(id), mint, key)));
            }
            case 2 -> {
                limits = new Limits(100_000, 100_000 + random.nextInt(1000));
                sender.untilAnswered(new Write("PUT", PartnerClient.limitsOf(id), limits, key));
            }
            case 3 -> {
                limits = null;
                sender.untilAnswered(new Write("DELETE", PartnerClient.limitsOf(id), null, key));
            }
            case 4 -> {
                sender.untilAnswered(new Write("POST", "/api-keys/revoke", Map.of("organisation_id", id), key));
                keys.values().forEach(ended -> endedKeys.add(ended.secret()));
                keys.clear();
            }
            case 5 -> {
                isDeleted = true;
                sender.untilAnswered(new Write("DELETE", path, null, key));
            }
            default -> changeKey(random, key, sender);
        }
    }

    private void changeKey(Random random, String key, Sender sender) {
        var ids = List.copyOf(keys.keySet());
        var changed = ids.get(random.nextInt(ids.size()));
        var itsPath = PartnerClient.keysOf(id) + "/" + changed;
        switch (random.nextInt(3)) {
            case 0 -> {
                sender.untilAnswered(new Write("PATCH", itsPath, Map.of("name", "Key " + key), key));
                keys.computeIfPresent(changed, (same, known) -> new Key(known.secret(), "Key " + key));
            }
            case 1 -> {
                know(sender.untilAnswered(new Write("POST", itsPath + "/rotate", Map.of(), key)));
                end(changed);
            }
            default -> {
                sender.untilAnswered(new Write("DELETE", itsPath, null, key));
                end(changed);
            }
        }
    }

    private void know(Answer minted) {
        var shown = minted.json().at("/data/api_key");
        keys.put(
                shown.get("key_id").textValue(),
                new Key(shown.get("api_key").textValue(), shown.get("name").textValue()));
    }

    private void end(String key) {
        endedKeys.add(keys.remove(key).secret());
    }

    /**
     * Fails unless the service has what the answers say, and nothing that they do not say.
     *
     * @param children the partner's live organisations by their external ids
     */
    void check(PartnerClient partner, Map<String, List<PartnerClient.Organisation>> children) {
        assertThat(children.getOrDefault(externalId, List.of()))
                .as(externalId)
                .extracting(PartnerClient.Organisation::id)
                .isEqualTo(isDeleted ? List.of() : List.of(id));
        var stored = partner.getEvenDeleted(id);
        assertThat(stored.name()).isEqualTo(name);
        assertThat(stored.deletedAt() != null).isEqualTo(isDeleted);
        keys.values()
                .forEach(key -> assertThat(partner.verify(key.secret()).valid()).isEqualTo(!isDeleted));
        assertThat(endedKeys)
                .allSatisfy(ended -> assertThat(partner.verify(ended).valid()).isFalse());
        if (!isDeleted) {
            checkLive(partner);
        }
    }

    private void checkLive(PartnerClient partner) {
        var again = creation.send(partner);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.body()).isEqualTo(created.body());
        assertThat(partner.limits(id)).isEqualTo(limits);
        var good = partner.keys(PartnerClient.keysOf(id)).stream()
                .filter(key -> key.revokedAt() == null && key.expiresAt() == null)
                .collect(toMap(PartnerClient.Key::id, PartnerClient.Key::name));
        var known = keys.entrySet().stream()
                .collect(toMap(Map.Entry::getKey, key -> key.getValue().name()));
        assertThat(good).isEqualTo(known);
    }
}
