package dev.offshoot.testing.isolation;

import java.util.Locale;
import java.util.function.Function;
import org.bson.types.ObjectId;

/** What a call is aimed at. */
public enum Target {
    OWN(Place.OWN, world -> world.caller().id()),
    CHILD(Place.CHILD, world -> world.caller().child().id()),
    GRANDCHILD(Place.GRANDCHILD, world -> world.caller().grandchild().id()),
    DELETED(Place.DELETED, world -> world.caller().deleted().id()),
    PARENT(Place.ELSEWHERE, World::parentId),
    SIBLING(Place.ELSEWHERE, world -> world.sibling().id()),
    SIBLINGS_CHILD(Place.ELSEWHERE, world -> world.sibling().subPartner().id()),
    UNKNOWN(Place.ELSEWHERE, world -> new ObjectId().toHexString()),
    MALFORMED(Place.ELSEWHERE, world -> "not-an-id"),
    UPPER_CASE(Place.ELSEWHERE, world -> world.caller().subPartner().id().toUpperCase(Locale.ROOT));

    /** What makes a difference; whatever is elsewhere does not exist, and has to be answered alike. */
    public enum Place {
        OWN,
        CHILD,
        GRANDCHILD,
        DELETED,
        ELSEWHERE
    }

    private final Place place;
    private final Function<World, String> id;

    Target(Place place, Function<World, String> id) {
        this.place = place;
        this.id = id;
    }

    public Place place() {
        return place;
    }

    /** The id as a call names it. */
    public String in(World world) {
        return id.apply(world);
    }

    /** Whether there is a live organisation at it, the caller's or not. */
    public boolean isThere() {
        return switch (this) {
            case OWN, CHILD, GRANDCHILD, PARENT, SIBLING, SIBLINGS_CHILD -> true;
            case DELETED, UNKNOWN, MALFORMED, UPPER_CASE -> false;
        };
    }
}
