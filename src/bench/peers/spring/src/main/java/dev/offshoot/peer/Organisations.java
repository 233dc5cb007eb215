package dev.offshoot.peer;

import static org.springframework.data.mongodb.core.query.Criteria.where;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.types.ObjectId;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.data.domain.Sort;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.data.mongodb.core.aggregation.ArrayOperators;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuple2;

/** Finds, lists, creates and changes the organisations beneath a caller's. */
@Component
class Organisations {
    private static final int ATTEMPTS = 50;

    private final ReactiveMongoTemplate mongo;
    private final KeyEncryption encryption;

    Organisations(ReactiveMongoTemplate mongo, KeyEncryption encryption) {
        this.mongo = mongo;
        this.encryption = encryption;
    }

    record Created(Organisation organisation, KeySecret key) {}

    Mono<Organisation> find(Caller caller, ObjectId id) {
        return mongo.findOne(
                        beneath(caller.root(), where("id").is(id), where("deleted").is(false)), Organisation.class)
                .switchIfEmpty(Mono.error(Failures.NotFound::new));
    }

    /** One more than asked for, where there is one, and how many there are. */
    Mono<Tuple2<List<Organisation>, Long>> list(Caller caller, ObjectId after, int skip, int limit) {
        var parent = where("parent").is(caller.root());
        var live = where("deleted").is(false);
        var from = after == null
                ? beneath(caller.root(), parent, live)
                : beneath(caller.root(), parent, live, where("id").gt(after));
        var page = from.with(Sort.by("id")).skip(skip).limit(limit + 1).cursorBatchSize(limit + 2);
        return Mono.zip(
                mongo.find(page, Organisation.class).collectList(),
                mongo.count(beneath(caller.root(), parent, live), Organisation.class));
    }

    /** The key first: it is refused until its organisation is there. */
    Mono<Created> create(Caller caller, NewOrganisation wanted) {
        if (caller.lineage().size() > Organisation.MAX_DEPTH) {
            return Mono.error(new Failures.Conflict(
                    "depth_exceeded",
                    "Organisations can't be nested deeper than " + Organisation.MAX_DEPTH + " levels."));
        }
        var now = now();
        var organisation = Organisation.create(caller, wanted, now);
        var secret = KeySecret.mint();
        var key = ApiKey.standard(secret, organisation, encryption, now);
        return mongo.insert(key)
                .then(mongo.insert(organisation))
                .onErrorResume(DuplicateKeyException.class, taken -> mongo.remove(key).then(Mono.error(taken())))
                .thenReturn(new Created(organisation, secret));
    }

    /** Repeats while somebody else's change comes first. */
    Mono<Organisation> update(Caller caller, ObjectId id, Map<String, Object> change) {
        return Mono.defer(() -> find(caller, id).flatMap(read -> update(caller, read, change)))
                .repeatWhenEmpty(ATTEMPTS, again -> again)
                .onErrorMap(DuplicateKeyException.class, duplicate -> taken());
    }

    private Mono<Organisation> update(Caller caller, Organisation read, Map<String, Object> change) {
        var changed = changed(read, change);
        if (changed.name().equals(read.name()) && Objects.equals(changed.externalId(), read.externalId())) {
            return Mono.just(read);
        }
        var unchanged = beneath(
                caller.root(),
                where("id").is(read.id()),
                where("revision").is(read.revision()),
                where("deleted").is(false));
        var update = new Update()
                .set("name", changed.name())
                .set("nameKey", changed.nameKey())
                .set("updatedAt", changed.updatedAt())
                .set("revision", changed.revision())
                .set("shown", changed.shown());
        if (!Objects.equals(changed.externalId(), read.externalId())) {
            setOrUnset(update, "externalId", changed.externalId());
            setOrUnset(update, "liveExternalKey", changed.liveExternalKey());
        }
        return mongo.updateFirst(unchanged, update, Organisation.class)
                .filter(result -> result.getMatchedCount() > 0)
                .map(result -> changed);
    }

    private static Organisation changed(Organisation read, Map<String, Object> change) {
        change.keySet().stream()
                .filter(field -> !field.equals("organisation_name") && !field.equals("partner_external_id"))
                .forEach(field -> {
                    throw new Failures.Invalid(field);
                });
        if (change.isEmpty()) {
            throw new Failures.Invalid("body");
        }
        var name = change.containsKey("organisation_name")
                ? NewOrganisation.name(change.get("organisation_name"), "organisation_name")
                : read.name();
        var externalId = change.get("partner_external_id");
        var newExternalId = externalId == null ? null : NewOrganisation.externalId(externalId);
        return read.changed(name, change.containsKey("partner_external_id") ? newExternalId : read.externalId(), now());
    }

    /** Within a part of the tree, found by another index than the lineage's. */
    static Query inside(ObjectId root, Criteria... criteria) {
        var all = Arrays.copyOf(criteria, criteria.length + 1);
        all[criteria.length] =
                Criteria.expr(ArrayOperators.In.arrayOf("lineage").containsValue(root));
        return new Query(new Criteria().andOperator(all));
    }

    private static Query beneath(ObjectId root, Criteria... criteria) {
        var all = Arrays.copyOf(criteria, criteria.length + 1);
        all[criteria.length] = where("lineage.0").ne(root);
        return inside(root, all);
    }

    private static void setOrUnset(Update update, String field, Object value) {
        if (value == null) {
            update.unset(field);
        } else {
            update.set(field, value);
        }
    }

    private static Failures.Conflict taken() {
        return new Failures.Conflict(
                "partner_external_id_taken", "Another organisation has this partner_external_id.");
    }

    /** As the database keeps it. */
    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
