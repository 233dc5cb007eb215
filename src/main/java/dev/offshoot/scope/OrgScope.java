package dev.offshoot.scope;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.ne;

import dev.offshoot.value.OrgId;
import java.util.List;
import java.util.stream.Stream;
import org.bson.conversions.Bson;

/**
 * What a caller may see: one organisation and everything beneath it. A scope is born from a stored record only, by
 * {@link ScopedRepository}; it can be narrowed, never widened, and nothing makes one from a request.
 */
public final class OrgScope {
    private final List<OrgId> lineage;
    private final boolean withRoot;

    OrgScope(List<OrgId> lineage) {
        this(List.copyOf(lineage), true);
    }

    private OrgScope(List<OrgId> lineage, boolean withRoot) {
        this.lineage = lineage;
        this.withRoot = withRoot;
    }

    /** The organisation at its top. */
    public OrgId root() {
        return lineage.get(0);
    }

    /** The top organisation's id, then its ancestors' upwards: what lies above, which this scope does not open. */
    public List<OrgId> lineage() {
        return lineage;
    }

    /** The same without the organisation at its top. */
    public OrgScope beneath() {
        return new OrgScope(lineage, false);
    }

    /** The scope of one organisation inside of this one: itself and everything beneath it. */
    public OrgScope narrow(Scoped record) {
        if (!covers(record)) {
            throw new IllegalArgumentException("not inside of this scope: " + record.owner());
        }
        return new OrgScope(record.lineage());
    }

    /** The top organisation's depth in the tree; the root partner's is 0. */
    public int depth() {
        return lineage.size() - 1;
    }

    /** The lineage of a new child of the top organisation. */
    public List<OrgId> lineageOfChild(OrgId child) {
        return Stream.concat(Stream.of(child), lineage.stream()).toList();
    }

    /** The top-level partner that a lineage hangs under (the root's child above it, or itself): the shard key. */
    public static OrgId tenantOf(List<OrgId> lineage) {
        return lineage.get(Math.max(0, lineage.size() - 2));
    }

    /** Whether the record is one of the scope's. */
    public boolean covers(Scoped record) {
        return record.lineage().contains(root()) && (withRoot || !record.owner().equals(root()));
    }

    Bson filter() {
        var inside = eq("lineage", root());
        return withRoot ? inside : and(inside, ne("lineage.0", root()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OrgScope scope && scope.lineage.equals(lineage) && scope.withRoot == withRoot;
    }

    @Override
    public int hashCode() {
        return lineage.hashCode();
    }

    @Override
    public String toString() {
        return (withRoot ? "" : "beneath ") + root();
    }
}
