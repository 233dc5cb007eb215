package dev.offshoot.testing;

import dev.offshoot.testing.PartnerClient.Created;
import java.util.Objects;

/**
 * A partner and one organisation in each relation to it that makes a difference.
 *
 * @param key the partner's partner key
 * @param subPartner a child that is a partner itself, with the grandchild beneath it
 * @param deleted a child that was deleted
 */
public record PartnerTree(
        Created partner, String key, Created child, Created subPartner, Created grandchild, Created deleted) {

    /** Plants a new one beneath that partner. */
    public static PartnerTree beneath(PartnerClient parent, String name) {
        var partner = parent.createPartner(name);
        var client = PartnerClient.of(partner);
        var subPartner = client.createPartner(name + "'s partner");
        var deleted = client.create(name + "'s deleted child");
        client.delete(deleted.id());
        return new PartnerTree(
                partner,
                Objects.requireNonNull(partner.partnerKey()),
                client.create(name + "'s child"),
                subPartner,
                PartnerClient.of(subPartner).create(name + "'s grandchild"),
                deleted);
    }

    public String id() {
        return partner.id();
    }

    public PartnerClient client() {
        return PartnerClient.with(key);
    }
}
