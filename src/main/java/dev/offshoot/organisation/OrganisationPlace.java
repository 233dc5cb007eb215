package dev.offshoot.organisation;

import dev.offshoot.value.OrgId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.bson.codecs.pojo.annotations.BsonId;

/** Where an organisation stands in the tree, and nothing else of it. */
@RegisterForReflection
public record OrganisationPlace(@BsonId OrgId id, OrgId tenant, List<OrgId> lineage) {
    public OrganisationPlace {
        lineage = List.copyOf(lineage);
    }
}
