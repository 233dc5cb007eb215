package dev.offshoot.organisation;

import dev.offshoot.scope.OrgId;
import java.util.List;
import org.bson.codecs.pojo.annotations.BsonId;

/** Where an organisation stands in the tree, and nothing else of it. */
public record OrganisationPlace(@BsonId OrgId id, OrgId tenant, List<OrgId> lineage) {
    public OrganisationPlace {
        lineage = List.copyOf(lineage);
    }
}
