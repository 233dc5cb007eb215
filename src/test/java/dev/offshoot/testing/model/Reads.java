package dev.offshoot.testing.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Organisation;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The calls that only look. */
final class Reads {
    private Reads() {}

    /** An organisation by its id. */
    record Get(String id, boolean orDeleted) implements Operation {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            return "/organisations/" + id + "?include_deleted=" + orDeleted;
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return read(call, model.find(call.caller(), id, orDeleted));
        }
    }

    /** A live child by its external id. */
    record GetByExternalId(String externalId) implements Operation {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            return PartnerClient.byExternalId(externalId);
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return read(call, model.liveChild(call.caller(), externalId));
        }
    }

    /** A page of the organisations that fit every filter. */
    record Find(boolean inSubtree, boolean withDeleted, Map<String, String> filters, int skip, int limit)
            implements Operation {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            var wanted = new TreeMap<>(filters);
            wanted.put("scope", inSubtree ? "subtree" : "children");
            wanted.put("include_deleted", String.valueOf(withDeleted));
            wanted.put("skip", String.valueOf(skip));
            wanted.put("limit", String.valueOf(limit));
            return wanted.entrySet().stream()
                    .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
                    .collect(joining("&", "/organisations?", ""));
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            var own = call.caller().organisation();
            var found = model.nodes().stream()
                    .filter(node -> inSubtree ? node.isBeneath(own) : node.isChildOf(own))
                    .map(Node::shown)
                    .filter(each -> withDeleted || each.deletedAt() == null)
                    .filter(this::fits)
                    .toList();
            return page(found);
        }

        private Expected page(List<Organisation> found) {
            var page = found.stream().skip(skip).limit(limit).toList();
            var from = page.isEmpty() ? 0 : skip + 1;
            var to = page.isEmpty() ? 0 : skip + page.size();
            return (answer, moment) -> {
                var data = Expected.data("get_organisations", answer);
                assertThat(List.of(Http.JSON.convertValue(data.get("organisations"), Organisation[].class)))
                        .isEqualTo(page);
                assertThat(data.get("pagination"))
                        .isEqualTo(Http.json("{\"current_results\":{\"from\":%d,\"to\":%d},\"total_results\":%d}"
                                .formatted(from, to, found.size())));
            };
        }

        private boolean fits(Organisation organisation) {
            return filters.getOrDefault("organisation_key", organisation.key()).equals(organisation.key())
                    && filters.getOrDefault("organisation_name", organisation.name())
                            .equalsIgnoreCase(organisation.name())
                    && (!filters.containsKey("partner_external_id")
                            || filters.get("partner_external_id").equals(organisation.externalId()));
        }
    }

    /** Whether a key that was shown once is good. */
    record Verify(Node node, NodeKey key) implements Operation {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String target() {
            return "/api-keys/verify";
        }

        @Override
        public String body() {
            return Http.text(Map.of("api_key", key.secret(), "count", 0));
        }

        @Override
        public boolean takesKey() {
            return false;
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            var own = call.caller().organisation();
            var isInside = node.id().equals(own) || node.isBeneath(own);
            return (answer, moment) -> {
                var code = isInside ? code(moment.from()) : "unknown";
                var verification = Expected.data("verify_api_key", answer).get("verification");
                assertThat(verification.get("code").textValue()).isEqualTo(code);
                assertThat(verification.get("organisation_id").textValue())
                        .isEqualTo(code.equals("valid") ? node.id() : null);
            };
        }

        /** An end is now or in an hour. */
        private String code(Instant now) {
            if (key.isRevoked()) {
                return "revoked";
            }
            if (key.hasEnded(now)) {
                return "expired";
            }
            return node.isLive() ? "valid" : "organisation_deleted";
        }
    }

    private static Expected read(Call call, Optional<Node> found) {
        return found.map(node -> read(call, node)).orElseGet(Expected::notFound);
    }

    private static Expected read(Call call, Node node) {
        if (!call.expects(node.tag())) {
            return Expected.preconditionFailed();
        }
        return call.has(node.tag()) ? Expected.notModified(node) : Expected.shown("get_organisation", node);
    }
}
