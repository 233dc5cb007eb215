package dev.offshoot.testing.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Organisation;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The calls that create, change and delete organisations. */
final class Writes {
    private static final String NAME = "organisation_name";
    private static final String EXTERNAL_ID = "partner_external_id";

    private Writes() {}

    /** Creates a child of the caller's organisation. */
    record Create(String name, @Nullable String externalId, boolean partner) implements Operation {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String target() {
            return "/organisations";
        }

        @Override
        public String body() {
            return Http.text(bodyOfNew(name, externalId, partner));
        }

        @Override
        public Set<String> violations() {
            return violationsOf(name);
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return externalId != null
                            && model.liveChild(call.caller(), externalId).isPresent()
                    ? Expected.externalIdTaken()
                    : created(call, model, name, externalId, partner);
        }
    }

    /** Creates a child with that external id, or returns the one that is there as it is. */
    record Put(String externalId, String name, boolean partner) implements Operation {
        @Override
        public String method() {
            return "PUT";
        }

        @Override
        public String target() {
            return PartnerClient.byExternalId(externalId);
        }

        @Override
        public String body() {
            return Http.text(bodyOfNew(name, null, partner));
        }

        @Override
        public Set<String> violations() {
            return violationsOf(name);
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return model.liveChild(call.caller(), externalId)
                    .map(child -> Expected.shown("get_organisation", child))
                    .orElseGet(() -> created(call, model, name, externalId, partner));
        }
    }

    /** Changes the name, the external id, or both. */
    record Update(String id, Map<String, @Nullable String> change) implements Operation {
        @Override
        public String method() {
            return "PATCH";
        }

        @Override
        public String target() {
            return "/organisations/" + id;
        }

        @Override
        public String body() {
            return Http.text(new TreeMap<>(change));
        }

        @Override
        public Set<String> violations() {
            return violationsOf(change.getOrDefault(NAME, "unchanged"));
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return inAllowedState(call, model, id, node -> {
                var externalId = change.getOrDefault(EXTERNAL_ID, node.shown().externalId());
                var isTaken = externalId != null
                        && model.liveSibling(node, externalId).isPresent();
                return isTaken
                        ? Expected.externalIdTaken()
                        : updated(node, nameOr(node.shown().name()), externalId);
            });
        }

        private String nameOr(String unchanged) {
            return Objects.requireNonNull(change.getOrDefault(NAME, unchanged)).strip();
        }
    }

    /** Deletes an organisation and all that is live beneath it. */
    record Delete(String id) implements Operation {
        @Override
        public String method() {
            return "DELETE";
        }

        @Override
        public String target() {
            return "/organisations/" + id;
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return inAllowedState(call, model, id, node -> (answer, moment) -> {
                var deleted = Expected.organisation("delete_organisation", answer);
                var at = Objects.requireNonNull(deleted.deletedAt());
                moment.includes(at);
                model.nodes().stream()
                        .filter(each -> each.isLive() && (each == node || each.isBeneath(id)))
                        .forEach(each -> each.delete(at));
                assertThat(deleted).isEqualTo(node.shown());
            });
        }
    }

    /** A look-up that fails comes before a state that does not fit, and that before what is wrong with the change. */
    private static Expected inAllowedState(Call call, PartnerModel model, String id, Function<Node, Expected> change) {
        return model.find(call.caller(), id, false)
                .map(node -> call.allowsChange(node.tag()) ? change.apply(node) : Expected.preconditionFailed())
                .orElseGet(Expected::notFound);
    }

    /** An update that changes nothing leaves the time and the tag. */
    private static Expected updated(Node node, String name, @Nullable String externalId) {
        return (answer, moment) -> {
            var updated = Expected.organisation("update_organisation", answer);
            var before = node.shown();
            if (!name.equals(before.name()) || !Objects.equals(externalId, before.externalId())) {
                moment.includes(updated.updatedAt());
                node.update(name, externalId, updated.updatedAt());
            }
            Expected.shown("update_organisation", node).check(answer, moment);
        };
    }

    private static Expected created(
            Call call, PartnerModel model, String name, @Nullable String externalId, boolean partner) {
        return (answer, moment) -> {
            var created = PartnerClient.created(answer);
            var shown = created.organisation();
            moment.includes(shown.createdAt());
            assertThat(shown)
                    .isEqualTo(new Organisation(
                            shown.id(),
                            shown.key(),
                            name.strip(),
                            "GB",
                            shown.divisionKey(),
                            externalId,
                            partner,
                            null,
                            shown.createdAt(),
                            shown.createdAt()));
            assertThat(created.partnerKey() != null).isEqualTo(partner);
            model.add(call.caller().organisation(), created).hasTag(answer.header("ETag"));
        };
    }

    private static Map<String, Object> bodyOfNew(String name, @Nullable String externalId, boolean partner) {
        var body = PartnerClient.body(name);
        if (externalId != null) {
            body.put(EXTERNAL_ID, externalId);
        }
        body.put("is_partner", partner);
        return body;
    }

    private static Set<String> violationsOf(@Nullable String name) {
        return name == null || name.isBlank() ? Set.of(NAME) : Set.of();
    }
}
