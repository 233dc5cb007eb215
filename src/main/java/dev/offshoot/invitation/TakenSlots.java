package dev.offshoot.invitation;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.bson.Document;

/**
 * The slots that an organisation's invitations take, and when the first of these expires.
 *
 * @param firstExpiry in the past where invitations hold slots that others can have
 */
record TakenSlots(Set<String> slots, Instant firstExpiry) {
    static final TakenSlots NONE = new TakenSlots(Set.of(), Instant.MAX);

    static TakenSlots of(Document row) {
        return new TakenSlots(
                Set.copyOf(row.getList("slots", String.class)),
                row.getDate("first_expiry").toInstant());
    }

    List<String> freeOf(List<String> all) {
        return all.stream().filter(slot -> !slots.contains(slot)).toList();
    }

    boolean anyExpired(Instant now) {
        return !firstExpiry.isAfter(now);
    }
}
