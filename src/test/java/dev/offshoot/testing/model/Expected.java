package dev.offshoot.testing.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Organisation;
import java.time.Instant;

/** What an answer has to be. */
interface Expected {
    void check(Answer answer, Moment moment);

    /** When a call was made, by the service's clock. */
    record Moment(Instant from, Instant to) {
        void includes(Instant time) {
            assertThat(time).isBetween(from, to);
        }
    }

    static Expected refusal(int status, String code) {
        return (answer, moment) ->
                assertThat(PartnerClient.error(answer, status).code()).isEqualTo(code);
    }

    static Expected notFound() {
        return refusal(404, "organisation_not_found");
    }

    static Expected preconditionFailed() {
        return refusal(412, "precondition_failed");
    }

    static Expected externalIdTaken() {
        return refusal(409, "partner_external_id_taken");
    }

    static Expected notModified(Node node) {
        return (answer, moment) -> {
            assertThat(answer.status()).as(answer.body()).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            node.hasTag(answer.header("ETag"));
        };
    }

    /** The organisation as it is. */
    static Expected shown(String call, Node node) {
        return (answer, moment) -> {
            assertThat(organisation(call, answer)).isEqualTo(node.shown());
            node.hasTag(answer.header("ETag"));
        };
    }

    static Organisation organisation(String call, Answer answer) {
        return Http.JSON.convertValue(data(call, answer).get("organisation"), Organisation.class);
    }

    static JsonNode data(String call, Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().get("success").booleanValue()).isTrue();
        assertThat(answer.json().get("identifier").textValue()).isEqualTo(call + "_successful");
        return answer.json().get("data");
    }
}
