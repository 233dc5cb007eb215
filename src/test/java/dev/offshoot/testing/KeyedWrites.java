package dev.offshoot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.value.OrgId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.bson.types.ObjectId;

/** Prepares writes that are sent under an {@code Idempotency-Key}, and says what each of them has to leave. */
public final class KeyedWrites {
    private final PartnerClient root;

    /** @param root who creates the partners that send them */
    public KeyedWrites(PartnerClient root) {
        this.root = root;
    }

    /** A new partner: its organisation, the client that prepares a write, and the one that sends it. */
    private record Partner(String organisation, PartnerClient known, PartnerClient sender) {}

    private Partner partner() {
        var created = root.createPartner("Partner");
        var known = new PartnerClient(root.base(), created.partnerKey());
        return new Partner(created.id(), known, new PartnerClient(root.base(), Tree.anotherPartnerKeyOf(known)));
    }

    public KeyedWrite creation() {
        var partner = partner();
        var body = Http.text(PartnerClient.body("Child"));
        return new KeyedWrite(
                partner.organisation(), partner.sender(), "POST", "/organisations", body, (client, answer) -> {
                    assertIsCreatedOnce(client, answer);
                    assertThat(Http.JSON.convertValue(withoutKey(answer), PartnerClient.Organisation.class))
                            .isEqualTo(client.list("").organisations().get(0));
                });
    }

    /** The other's change gives the organisation another external id, and its own to another organisation. */
    public KeyedWrite creationByExternalId() {
        var partner = partner();
        var known = partner.known();
        Runnable changeByOther = () -> known.list("").organisations().forEach(created -> {
            known.update(created.id(), Map.of("partner_external_id", "y"));
            known.put("x", PartnerClient.body("Other"));
        });
        return new KeyedWrite(
                partner.organisation(),
                partner.sender(),
                "PUT",
                PartnerClient.byExternalId("x"),
                Http.text(PartnerClient.body("Child")),
                (client, answer) -> {
                    assertIsCreatedOnce(client, answer);
                    assertThat(answer.json()
                                    .at("/data/organisation/partner_external_id")
                                    .textValue())
                            .isEqualTo("x");
                },
                changeByOther,
                () -> {});
    }

    private static void assertIsCreatedOnce(PartnerClient client, Answer answer) {
        var there = client.list("").organisations();
        var shown = answer.json().at("/data/organisation");
        assertThat(there)
                .filteredOn(organisation -> organisation.name().equals("Child"))
                .extracting(PartnerClient.Organisation::id)
                .containsExactly(shown.get("organisation_id").textValue());
        assertThat(Tree.keysOf(client)).hasSameSizeAs(there);
        assertThat(client.verify(shown.get("organisation_api_key").textValue()).code())
                .isEqualTo("valid");
    }

    private static Object withoutKey(Answer created) {
        var shown = created.json().at("/data/organisation").deepCopy();
        ((ObjectNode) shown).remove("organisation_api_key");
        return shown;
    }

    public KeyedWrite update() {
        var partner = partner();
        var known = partner.known();
        var id = known.create("A").id();
        var last = new AtomicReference<>("B");
        Runnable changeByOther = () -> {
            var isMade = known.get(id).name().equals("B");
            known.update(id, Map.of("organisation_name", "C"));
            last.set(isMade ? "C" : "B");
        };
        return new KeyedWrite(
                partner.organisation(),
                partner.sender(),
                "PATCH",
                "/organisations/" + id,
                Http.text(Map.of("organisation_name", "B", "partner_external_id", "b")),
                (client, answer) -> {
                    var shown = answer.json().at("/data/organisation");
                    assertThat(shown.get("organisation_name").textValue()).isEqualTo("B");
                    assertThat(shown.get("partner_external_id").textValue()).isEqualTo("b");
                    assertThat(client.get(id).name()).isEqualTo(last.get());
                },
                changeByOther,
                () -> {});
    }

    public KeyedWrite deletion() {
        var partner = partner();
        var known = partner.known();
        var child = known.createPartner("Child");
        var grandchild = new PartnerClient(root.base(), child.partnerKey()).create("Grandchild");
        return new KeyedWrite(
                partner.organisation(),
                partner.sender(),
                "DELETE",
                "/organisations/" + child.id(),
                null,
                (client, answer) -> {
                    var deleted = client.getEvenDeleted(child.id());
                    assertThat(deleted.deletedAt()).isNotNull();
                    assertThat(Http.JSON.convertValue(
                                    answer.json().at("/data/organisation"), PartnerClient.Organisation.class))
                            .isEqualTo(deleted);
                    assertThat(client.list("?scope=subtree").organisations()).isEmpty();
                    assertThat(client.verify(grandchild.apiKey()).valid()).isFalse();
                    assertThat(Stored.organisation(child.id()).getList("deletions", ObjectId.class))
                            .hasSize(1);
                });
    }

    private static String keysOfNew(PartnerClient known) {
        return PartnerClient.keysOf(known.create("Child").id());
    }

    public KeyedWrite minting() {
        var partner = partner();
        var keys = keysOfNew(partner.known());
        var mint = Http.text(Map.of("name", "Key", "roles", List.of("standard")));
        return new KeyedWrite(partner.organisation(), partner.sender(), "POST", keys, mint, (client, answer) -> {
            var shown = answer.json().at("/data/api_key");
            assertThat(client.keys(keys)).hasSize(2).anySatisfy(key -> assertThat(key.createdAt())
                    .isEqualTo(Instant.parse(shown.get("created_at").textValue())));
            assertThat(client.verify(shown.get("api_key").textValue()).code()).isEqualTo("valid");
        });
    }

    /** The other's change takes back what the first try has made of the access list, and revokes the key then. */
    public KeyedWrite changeOfAKey() {
        var partner = partner();
        var known = partner.known();
        var keys = keysOfNew(known);
        var path = keys + "/" + known.mint(keys, "standard").id();
        var last = new AtomicReference<>("B");
        Runnable changeByOther = () -> {
            var isMade = known.key(path).name().equals("B");
            known.send("PATCH", path, Map.of("name", "C", "allowed_ips", List.of()));
            if (isMade) {
                known.revoke(path);
                last.set("C");
            }
        };
        Runnable changeTakenBack = () -> {
            if (known.key(path).name().equals("B")) {
                known.sendText("PATCH", path, "{\"name\":\"Key\",\"expires_at\":null,\"allowed_ips\":[]}");
                last.set("Key");
            }
        };
        return new KeyedWrite(
                partner.organisation(),
                partner.sender(),
                "PATCH",
                path,
                Http.text(Map.of(
                        "name", "B", "expires_at", "2999-01-01T00:00:00Z", "allowed_ips", List.of("198.51.100.7"))),
                (client, answer) -> {
                    var shown = answer.json().at("/data/api_key");
                    assertThat(shown.get("name").textValue()).isEqualTo("B");
                    assertThat(shown.get("expires_at").textValue()).isEqualTo("2999-01-01T00:00:00.000Z");
                    assertThat(shown.get("allowed_ips")).hasToString("[\"198.51.100.7\"]");
                    assertThat(shown.get("revoked_at").isNull()).isTrue();
                    assertThat(client.key(path).name()).isEqualTo(last.get());
                },
                changeByOther,
                changeTakenBack);
    }

    public KeyedWrite rotation() {
        var partner = partner();
        var keys = keysOfNew(partner.known());
        var first = partner.known().mint(keys, "standard");
        var path = keys + "/" + first.id() + "/rotate";
        return new KeyedWrite(partner.organisation(), partner.sender(), "POST", path, "{}", (client, answer) -> {
            var shown = answer.json().at("/data/api_key");
            assertThat(client.verify(shown.get("api_key").textValue()).code()).isEqualTo("valid");
            assertThat(client.verify(Objects.requireNonNull(first.secret())).code())
                    .isEqualTo("expired");
            // The organisation's first key is the other one.
            assertThat(client.keys(keys))
                    .filteredOn(key -> key.revokedAt() == null && key.expiresAt() == null)
                    .hasSize(2)
                    .anySatisfy(key ->
                            assertThat(key.id()).isEqualTo(shown.get("key_id").textValue()));
        });
    }

    /** The other's change is one of the predecessor, while both keys are valid. */
    public KeyedWrite rotationWithOverlap() {
        var partner = partner();
        var known = partner.known();
        var keys = keysOfNew(known);
        var first = known.mint(keys, "standard");
        var path = keys + "/" + first.id();
        var body = Http.text(Map.of("overlap_seconds", 3600));
        return new KeyedWrite(
                partner.organisation(),
                partner.sender(),
                "POST",
                path + "/rotate",
                body,
                (client, answer) -> {
                    assertIsShownAsStored(client, keys, answer);
                    assertThat(client.verify(Objects.requireNonNull(first.secret()))
                                    .code())
                            .isEqualTo("valid");
                },
                () -> known.changeKey(path, Map.of("name", "Other", "expires_at", "2999-01-01T00:00:00Z")),
                () -> {});
    }

    /**
     * Of an unrestricted key of the root, whose successor takes its place in the root's list.
     *
     * @param change by somebody else, of the key with that path
     */
    public KeyedWrite rotationOfARootKey(BiConsumer<PartnerClient, String> change) {
        var keys = "/api-keys";
        var first = root.mint(keys, "partner");
        var path = keys + "/" + first.id();
        return new KeyedWrite(
                OrgId.ROOT.value().toHexString(),
                new PartnerClient(root.base(), Tree.anotherPartnerKeyOf(root)),
                "POST",
                path + "/rotate",
                "{}",
                (client, answer) -> {
                    assertIsShownAsStored(client, keys, answer);
                    assertThat(client.verify(Objects.requireNonNull(first.secret()))
                                    .valid())
                            .isFalse();
                    assertThat(Stored.notedRootKeys())
                            .contains(answer.json().at("/data/api_key/key_id").textValue())
                            .isSubsetOf(Stored.openRootKeys());
                },
                () -> change.accept(root, path),
                () -> {});
    }

    private static void assertIsShownAsStored(PartnerClient client, String keys, Answer answer) {
        var shown = answer.json().at("/data/api_key");
        var stored = client.key(keys + "/" + shown.get("key_id").textValue());
        assertThat(shown.get("name").textValue()).isEqualTo(stored.name());
        assertThat(shown.get("expires_at").isNull()).isEqualTo(stored.expiresAt() == null);
        assertThat(stored.revokedAt()).isNull();
        assertThat(client.verify(shown.get("api_key").textValue()).code()).isEqualTo("valid");
    }

    public KeyedWrite revocation() {
        var partner = partner();
        var keys = keysOfNew(partner.known());
        var minted = partner.known().mint(keys, "standard");
        var path = keys + "/" + minted.id();
        return new KeyedWrite(partner.organisation(), partner.sender(), "DELETE", path, null, (client, answer) -> {
            var revokedAt = answer.json().at("/data/api_key/revoked_at").textValue();
            assertThat(client.key(path).revokedAt()).isEqualTo(Instant.parse(revokedAt));
            assertThat(client.verify(Objects.requireNonNull(minted.secret())).code())
                    .isEqualTo("revoked");
        });
    }

    public KeyedWrite revocationOfAll() {
        var partner = partner();
        var organisation = partner.known().create("Child").id();
        var keys = PartnerClient.keysOf(organisation);
        partner.known().mint(keys, "standard");
        var body = Http.text(Map.of("organisation_id", organisation));
        return new KeyedWrite(
                partner.organisation(), partner.sender(), "POST", "/api-keys/revoke", body, (client, answer) -> {
                    assertThat(answer.json().at("/data/revoked_api_keys").intValue())
                            .isEqualTo(2);
                    assertThat(client.keys(keys)).hasSize(2).allMatch(key -> key.revokedAt() != null);
                });
    }
}
