package dev.offshoot.testing.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Limits;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The calls about the rate limit of the keys of an organisation beneath the caller's. No call here reaches it. */
final class LimitCalls {
    private LimitCalls() {}

    /** What is set, if anything is. */
    record GetLimits(String id) implements Operation {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            return PartnerClient.limitsOf(id);
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return model.inOrganisation(call, id, node -> shown("get_limits", node.limits()));
        }
    }

    /** Sets another limit. */
    record SetLimits(String id, long requestsPerSecond) implements Operation {
        @Override
        public String method() {
            return "PUT";
        }

        @Override
        public String target() {
            return PartnerClient.limitsOf(id);
        }

        @Override
        public String body() {
            return Http.text(Map.of("requests_per_second", requestsPerSecond));
        }

        @Override
        public Set<String> violations() {
            return requestsPerSecond == 0 ? Set.of("requests_per_second") : Set.of();
        }

        @Override
        public String shows(Answer answer) {
            return id;
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            var limits = new Limits(requestsPerSecond, requestsPerSecond);
            return model.inOrganisation(call, id, node -> (answer, moment) -> {
                node.limit(limits);
                shown("set_limits", limits).check(answer, moment);
            });
        }
    }

    /** Removes the limit, if there is one. */
    record RemoveLimits(String id) implements Operation {
        @Override
        public String method() {
            return "DELETE";
        }

        @Override
        public String target() {
            return PartnerClient.limitsOf(id);
        }

        @Override
        public Expected expected(Call call, PartnerModel model) {
            return model.inOrganisation(call, id, node -> (answer, moment) -> {
                node.limit(null);
                shown("remove_limits", null).check(answer, moment);
            });
        }
    }

    private static Expected shown(String identifier, @Nullable Limits limits) {
        return (answer, moment) -> assertThat(
                        Http.JSON.convertValue(Expected.data(identifier, answer).get("limits"), Limits.class))
                .isEqualTo(limits);
    }
}
