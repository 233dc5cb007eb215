package dev.offshoot.scope;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.ne;

import dev.offshoot.value.OrgId;
import java.util.List;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * What a caller may see: one organisation and everything beneath it. Only {@link ScopedRepository} makes a scope, and
 * only from a stored record. A scope can be narrowed but never widened, and nothing makes one from a request.
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

    /** The organisation at the top of this scope. */
    public OrgId root() {
        return lineage.get(0);
    }

    /**
     * The ids of the top organisation and its ancestors, from the top organisation upwards. The scope does not open the
     * ancestors.
     */
    public List<OrgId> lineage() {
        return lineage;
    }

    /** This scope without its top organisation. */
    public OrgScope beneath() {
        return new OrgScope(lineage, false);
    }

    /** Narrows this scope to the organisation that the record belongs to, and everything beneath it. */
    public OrgScope narrow(Scoped record) {
        if (!covers(record)) {
            throw new IllegalArgumentException("outside this scope: " + record.owner());
        }
        return new OrgScope(record.lineage());
    }

    /** The depth of the top organisation in the tree. The root partner's depth is 0. */
    public int depth() {
        return lineage.size() - 1;
    }

    /** The lineage of a new child of the top organisation. */
    public List<OrgId> lineageOfChild(OrgId child) {
        return Stream.concat(Stream.of(child), lineage.stream()).toList();
    }

    /**
     * The shard key of a lineage: the id of its top-level partner. That is the ancestor directly beneath the root, the
     * organisation itself if it is directly beneath the root, or the root.
     */
    public static OrgId tenantOf(List<OrgId> lineage) {
        return lineage.get(Math.max(0, lineage.size() - 2));
    }

    /** Whether this scope contains the record. */
    public boolean covers(Scoped record) {
        return record.lineage().contains(root()) && (withRoot || !record.owner().equals(root()));
    }

    /** Finds this scope's records by an index of the lineage. */
    Bson filter() {
        return withRoot ? eq("lineage", root()) : and(eq("lineage", root()), notOfRoot());
    }

    /**
     * Matches the same records as {@link #filter()}, but can't be looked up in an index of the lineage. So the database
     * looks for what else a query asks, and checks the lineage of what it finds.
     */
    Bson check() {
        var inside = expr(new Document("$in", List.of(root(), "$lineage")));
        return withRoot ? inside : and(inside, notOfRoot());
    }

    private Bson notOfRoot() {
        return ne("lineage.0", root());
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
