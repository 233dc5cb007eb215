package dev.offshoot.organisation;

import dev.offshoot.value.OrgId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.bson.codecs.pojo.annotations.BsonId;

/** An organisation's position in the tree, without its other fields. */
@RegisterForReflection
public record OrganisationPlace(@BsonId OrgId id, OrgId tenant, List<OrgId> lineage) {
    public OrganisationPlace {
        lineage = List.copyOf(lineage);
    }
}
