package dev.offshoot.testing.isolation;

import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerTree;
import java.util.List;

/** Two partners beneath one parent: each is the caller once, and the other one's neighbour once. */
public record World(PartnerTree caller, PartnerTree sibling, String parentId) {
    public static World plant() {
        var parent = PartnerClient.root().createPartner("Parent");
        var client = PartnerClient.of(parent);
        return new World(PartnerTree.beneath(client, "A"), PartnerTree.beneath(client, "B"), parent.id());
    }

    public List<World> bothWays() {
        return List.of(this, new World(sibling, caller, parentId));
    }
}
