package dev.offshoot.testing.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.model.Call.Caller;
import dev.offshoot.testing.model.Expected.Moment;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a partner and those beneath it have, by the contract: organisations, and answers that are kept. */
final class PartnerModel {
    /** By id, as lists are ordered. */
    private final Map<String, Node> nodes = new TreeMap<>();

    private final Map<String, Kept> kept = new HashMap<>();
    private final Set<String> unique = new HashSet<>();
    private final Map<String, String> messages = new HashMap<>();

    /**
     * An answer that is given again.
     *
     * @param shows the organisation that it shows
     */
    private record Kept(
            String request,
            Set<String> roles,
            Answer answer,
            @Nullable String shows) {}

    /** Compares an answer with what the contract says of the call, and takes over what the call has changed. */
    void check(Call call, Answer answer, Moment moment) {
        var known = call.isOnce() ? kept.get(call.claim()) : null;
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        if (!isGood(call.caller())) {
            Expected.refusal(401, "unauthorised").check(answer, moment);
        } else if (!call.operation().violations().isEmpty()) {
            assertThat(PartnerClient.violations(answer))
                    .isEqualTo(call.operation().violations());
        } else if (known != null) {
            checkAgain(call, known, answer, moment);
        } else {
            call.operation().expected(call, this).check(answer, moment);
            assertThat(answer.headers().map()).doesNotContainKey("idempotent-replayed");
            keep(call, answer);
        }
        checkMessage(answer);
    }

    /** What is kept comes before 404, 412 and 409. */
    private void checkAgain(Call call, Kept known, Answer answer, Moment moment) {
        if (!known.request().equals(call.request())
                || !known.roles().equals(call.caller().roles())) {
            Expected.refusal(422, "idempotency_key_reused").check(answer, moment);
        } else if (known.shows() != null
                && find(call.caller(), known.shows(), false).isEmpty()) {
            Expected.notFound().check(answer, moment);
        } else {
            var first = known.answer();
            assertThat(answer.status()).as(answer.body()).isEqualTo(first.status());
            assertThat(answer.body()).isEqualTo(first.body());
            assertThat(answer.header("ETag")).isEqualTo(first.header("ETag"));
            assertThat(answer.header("Idempotent-Replayed")).isEqualTo("true");
            return;
        }
        assertThat(answer.headers().map()).doesNotContainKey("idempotent-replayed");
    }

    /** An answer that shows an organisation is given while the caller can see it, that of a deletion always. */
    private void keep(Call call, Answer answer) {
        if (call.isOnce()) {
            var shows = call.operation().method().equals("DELETE") || answer.status() != 200
                    ? null
                    : call.operation().shows(answer);
            kept.put(call.claim(), new Kept(call.request(), call.caller().roles(), answer, shows));
        }
    }

    /** The sentence of an error says the same of each cause. */
    private void checkMessage(Answer answer) {
        if (answer.status() >= 400) {
            var error = answer.json().get("error");
            var message = error.get("message").textValue();
            assertThat(message)
                    .isEqualTo(messages.computeIfAbsent(error.get("code").textValue(), code -> message));
        }
    }

    /** Nothing is known any more of what was sent a day ago. */
    void forgetAnswers() {
        kept.clear();
    }

    /** The keys of a deleted organisation are refused. */
    private boolean isGood(Caller caller) {
        var own = nodes.get(caller.organisation());
        return own == null || own.isLive();
    }

    Node add(String parent, Created created) {
        var organisation = created.organisation();
        var node = new Node(parent, nodes.get(parent), created);
        requireUnique(Stream.of(organisation.id(), organisation.key(), organisation.divisionKey()));
        requireUnique(node.keys().stream().map(NodeKey::secret));
        nodes.put(node.id(), node);
        return node;
    }

    NodeKey add(Node node, NodeKey key) {
        requireUnique(Stream.of(key.secret()));
        node.add(key);
        return key;
    }

    private void requireUnique(Stream<String> ones) {
        assertThat(ones).allSatisfy(each -> assertThat(unique.add(each)).isTrue());
    }

    /** What is expected of an organisation that the caller finds. */
    Expected inOrganisation(Call call, String id, Function<Node, Expected> expected) {
        return find(call.caller(), id, false).map(expected).orElseGet(Expected::notFound);
    }

    /** All organisations, deleted ones too, in order of their ids. */
    Collection<Node> nodes() {
        return nodes.values();
    }

    /** What lies outside, and the caller's own, is not found; nor is a deleted one, unless it is asked for. */
    Optional<Node> find(Caller caller, String id, boolean orDeleted) {
        return Optional.ofNullable(nodes.get(id))
                .filter(node -> node.isBeneath(caller.organisation()))
                .filter(node -> orDeleted || node.isLive());
    }

    /** External ids are unique among the live children of one parent. */
    Optional<Node> liveSibling(Node node, String externalId) {
        return nodes.values().stream()
                .filter(other -> other != node && other.hasParentOf(node))
                .filter(other ->
                        other.isLive() && externalId.equals(other.shown().externalId()))
                .findFirst();
    }

    Optional<Node> liveChild(Caller caller, String externalId) {
        return nodes.values().stream()
                .filter(node -> node.isChildOf(caller.organisation()) && node.isLive())
                .filter(node -> externalId.equals(node.shown().externalId()))
                .findFirst();
    }
}
