package dev.offshoot.testing.model;

import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.model.Call.Caller;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes up the next call of a sequence: a new one, or one that was made before, as it was or with one thing changed. */
final class Draw {
    private static final List<String> NAMES = List.of("Anna", "ANNA", " Anna ", "Bert", "Bert's", "Carl");
    private static final List<String> EXTERNAL_IDS = List.of("a", "b", "c/d");
    private static final String UNKNOWN = "0123456789abcdef01234567";
    private static final String UNKNOWN_KEY = "abcdef012345";

    private final Random random;
    private final PartnerModel model;
    private final List<Caller> callers;
    private final List<Call> made;

    /** @param callers those that were there first; partners of the model call too */
    Draw(Random random, PartnerModel model, List<Caller> callers, List<Call> made) {
        this.random = random;
        this.model = model;
        this.callers = callers;
        this.made = made;
    }

    Call call() {
        var kept = made.stream().filter(Call::isOnce).toList();
        return kept.isEmpty() || random.nextInt(5) < 3 ? newCall() : again(oneOf(kept));
    }

    private Call newCall() {
        var caller = oneOf(allCallers());
        var operation = operation(caller);
        return new Call(caller, operation, "", key(), conditions(operation));
    }

    private Call again(Call before) {
        var operation = before.operation();
        return switch (random.nextInt(10)) {
            case 0 -> like(before, oneOf(allCallers()), operation, "", Map.of());
            case 1 -> like(before, oneOf(callers), operation, "", Map.of());
            case 2 -> like(before, before.caller(), operation(before.caller()), "", Map.of());
            case 3 -> like(before, before.caller(), operation, before.body() == null ? "" : " ", Map.of());
            case 4 -> like(before, before.caller(), operation, before.padding(), conditions(operation));
            default -> before;
        };
    }

    /** Another call with the same key. */
    private static Call like(
            Call before, Caller caller, Operation operation, String padding, Map<String, String> conditions) {
        return new Call(caller, operation, padding, before.key(), conditions);
    }

    private Operation operation(Caller caller) {
        return switch (random.nextInt(21)) {
            case 0, 1, 2, 3 -> new Writes.Create(name(), random.nextBoolean() ? externalId() : null, isOneIn(3));
            case 4 -> new Writes.Put(externalId(), name(), isOneIn(3));
            case 5, 6, 7 -> new Writes.Update(organisation(caller), change());
            case 8 -> new Writes.Delete(organisation(caller));
            case 9 -> new Reads.Get(organisation(caller), random.nextBoolean());
            case 10 -> new Reads.GetByExternalId(externalId());
            case 11 ->
                new Reads.Find(
                        random.nextBoolean(),
                        random.nextBoolean(),
                        filters(),
                        isOneIn(2) ? random.nextInt(4) : 0,
                        isOneIn(2) ? 1 + random.nextInt(3) : 100);
            case 12, 13 -> verify();
            case 14 -> new KeyCalls.ListKeys(organisation(caller));
            case 15, 16 -> new KeyCalls.Mint(organisation(caller), name());
            case 17, 18, 19 -> ofKey(organisation(caller));
            default -> ofLimits(organisation(caller));
        };
    }

    private Operation verify() {
        if (model.nodes().isEmpty()) {
            return new Reads.Get(UNKNOWN, true);
        }
        var node = oneOf(List.copyOf(model.nodes()));
        return new Reads.Verify(node, oneOf(List.copyOf(node.keys())));
    }

    private Operation ofKey(String organisation) {
        var key = standardKey(organisation);
        return switch (random.nextInt(4)) {
            case 0 -> new KeyCalls.Rename(organisation, key, name());
            case 1, 2 -> new KeyCalls.Rotate(organisation, key, isOneIn(2) ? 3600 : 0);
            default -> new KeyCalls.Revoke(organisation, key);
        };
    }

    /** Mostly one of the organisation's. Keys of partners stay as they are: they call. */
    private String standardKey(String organisation) {
        var ofAnyone = isOneIn(10);
        var keys = new ArrayList<>(model.nodes().stream()
                .filter(node -> ofAnyone || node.id().equals(organisation))
                .flatMap(node -> node.keys().stream())
                .filter(key -> key.roles().equals(List.of("standard")))
                .map(NodeKey::id)
                .toList());
        if (keys.isEmpty()) {
            keys.add(UNKNOWN_KEY);
        }
        return oneOf(keys);
    }

    private Operation ofLimits(String organisation) {
        return switch (random.nextInt(4)) {
            case 0 -> new LimitCalls.GetLimits(organisation);
            case 1 -> new LimitCalls.RemoveLimits(organisation);
            default -> new LimitCalls.SetLimits(organisation, isOneIn(8) ? 0 : 100_000L + random.nextInt(3));
        };
    }

    private Map<String, @Nullable String> change() {
        var change = new TreeMap<String, @Nullable String>();
        if (isOneIn(2)) {
            change.put("organisation_name", name());
        }
        if (change.isEmpty() || isOneIn(2)) {
            change.put("partner_external_id", isOneIn(4) ? null : externalId());
        }
        return Collections.unmodifiableMap(change);
    }

    private Map<String, String> filters() {
        var filters = new TreeMap<String, String>();
        if (isOneIn(2)) {
            filters.put("organisation_name", oneOf(NAMES).strip());
        }
        if (isOneIn(3)) {
            filters.put("partner_external_id", externalId());
        }
        if (isOneIn(4) && !model.nodes().isEmpty()) {
            filters.put(
                    "organisation_key",
                    oneOf(List.copyOf(model.nodes())).shown().key());
        }
        return filters;
    }

    /** A key of its own, one of a few that meet, or none. */
    private @Nullable String key() {
        return switch (random.nextInt(6)) {
            case 0, 1 -> null;
            case 2 -> "shared-" + random.nextInt(2);
            default -> "\"own\" " + made.size();
        };
    }

    private Map<String, String> conditions(Operation operation) {
        var takesThem = operation instanceof Reads.Get
                || operation instanceof Reads.GetByExternalId
                || operation instanceof Writes.Update
                || operation instanceof Writes.Delete;
        if (!takesThem || isOneIn(2)) {
            return Map.of();
        }
        var header = isOneIn(3) ? "If-None-Match" : "If-Match";
        return Map.of(header, oneOf(tags(operation)));
    }

    private List<String> tags(Operation operation) {
        var theirs = model.nodes().stream()
                .filter(node -> operation.target().contains(node.id()) || operation instanceof Reads.GetByExternalId)
                .flatMap(node -> Stream.concat(Stream.ofNullable(node.tag()), node.formerTags().stream()))
                .toList();
        if (theirs.isEmpty()) {
            return List.of("*", "\"another\"");
        }
        var tag = oneOf(theirs);
        return List.of(tag, tag, "\"another\", " + tag, "W/" + tag, "*");
    }

    /** Mostly one that the caller can change. */
    private String organisation(Caller caller) {
        var onlyOwn = !isOneIn(4);
        var ids = new ArrayList<>(model.nodes().stream()
                .map(Node::id)
                .filter(id -> !onlyOwn || model.find(caller, id, false).isPresent())
                .toList());
        if (ids.isEmpty() || isOneIn(15)) {
            ids.add(callers.get(0).organisation());
            ids.add(UNKNOWN);
        }
        return oneOf(ids);
    }

    private List<Caller> allCallers() {
        var partners = model.nodes().stream()
                .filter(node -> node.shown().partner())
                .map(node -> new Caller(PartnerClient.of(node.created()), node.id(), Set.of("partner")));
        return Stream.concat(Stream.concat(callers.stream(), callers.stream()), partners)
                .toList();
    }

    private String name() {
        return isOneIn(15) ? " " : oneOf(NAMES);
    }

    private String externalId() {
        return oneOf(EXTERNAL_IDS);
    }

    private boolean isOneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
