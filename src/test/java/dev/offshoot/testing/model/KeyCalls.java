package dev.offshoot.testing.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** The calls about the API keys of an organisation beneath the caller's. */
final class KeyCalls {
    private static final String STANDARD = "standard";

    private KeyCalls() {}

    /** The organisation's keys, revoked ones too, in order of their ids. */
    record ListKeys(String id) implements Operation {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            return PartnerClient.keysOf(id);
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return model.inOrganisation(call, id, node -> (answer, moment) -> {
                var seen =
                        PartnerClient.keys(Expected.data("get_api_keys", answer).get("api_keys"));
                var keys = new ArrayList<>(node.keys());
                assertThat(seen).hasSameSizeAs(keys);
                for (var i = 0; i < keys.size(); i++) {
                    keys.get(i).isShownAs(seen.get(i));
                }
            });
        }
    }

    /** A new key. */
    record Mint(String id, String name) implements Operation {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String target() {
            return PartnerClient.keysOf(id);
        }

        @Override
        public String body() {
            return Http.text(Map.of("name", name, "roles", List.of(STANDARD)));
        }

        @Override
        public Set<String> violations() {
            return violationsOf(name);
        }

        @Override
        public String shows(Answer answer) {
            return id;
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return model.inOrganisation(call, id, node -> (answer, moment) -> {
                var seen = keyOf("create_api_key", answer);
                moment.includes(seen.createdAt());
                model.add(node, minted(seen, name.strip())).isShownAs(seen);
            });
        }
    }

    /** Renames a key that is not revoked. */
    record Rename(String id, String key, String name) implements Operation {
        @Override
        public String method() {
            return "PATCH";
        }

        @Override
        public String target() {
            return PartnerClient.keysOf(id) + "/" + key;
        }

        @Override
        public String body() {
            return Http.text(Map.of("name", name));
        }

        @Override
        public Set<String> violations() {
            return violationsOf(name);
        }

        @Override
        public String shows(Answer answer) {
            return id;
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return live(call, model, id, key, found -> (answer, moment) -> {
                found.rename(name.strip());
                found.isShownAs(keyOf("update_api_key", answer));
            });
        }
    }

    /** Mints a successor of a key that has none yet. */
    record Rotate(String id, String key, int overlapSeconds) implements Operation {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String target() {
            return PartnerClient.keysOf(id) + "/" + key + "/rotate";
        }

        @Override
        public String body() {
            return Http.text(Map.of("overlap_seconds", overlapSeconds));
        }

        @Override
        public String shows(Answer answer) {
            return id;
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return model.inOrganisation(
                    call,
                    id,
                    node -> live(
                            call,
                            model,
                            id,
                            key,
                            found -> found.isRotated()
                                    ? notFound()
                                    : (answer, moment) -> {
                                        var seen = keyOf("rotate_api_key", answer);
                                        moment.includes(seen.createdAt());
                                        model.add(node, minted(seen, found.name()))
                                                .isShownAs(seen);
                                        found.endAt(seen.createdAt().plusSeconds(overlapSeconds));
                                    }));
        }
    }

    /** Revokes a key that is not revoked. */
    record Revoke(String id, String key) implements Operation {
        @Override
        public String method() {
            return "DELETE";
        }

        @Override
        public String target() {
            return PartnerClient.keysOf(id) + "/" + key;
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return live(call, model, id, key, found -> (answer, moment) -> {
                var seen = keyOf("delete_api_key", answer);
                var at = Objects.requireNonNull(seen.revokedAt());
                moment.includes(at);
                found.revoke(at);
                found.isShownAs(seen);
            });
        }
    }

    private static Expected live(
            Call call, PartnerModel model, String id, String key, Function<NodeKey, Expected> expected) {
        return model.inOrganisation(call, id, node -> node.key(key)
                .filter(found -> !found.isRevoked())
                .map(expected)
                .orElseGet(KeyCalls::notFound));
    }

    private static Expected notFound() {
        return Expected.refusal(404, "api_key_not_found");
    }

    private static NodeKey minted(Key seen, String name) {
        return new NodeKey(Objects.requireNonNull(seen.secret()), name, List.of(STANDARD), seen.createdAt());
    }

    private static Key keyOf(String call, Answer answer) {
        var shown = Expected.data(call, answer).get("api_key");
        return PartnerClient.keys(Http.JSON.createArrayNode().add(shown)).get(0);
    }

    private static Set<String> violationsOf(String name) {
        return name.isBlank() ? Set.of("name") : Set.of();
    }
}
