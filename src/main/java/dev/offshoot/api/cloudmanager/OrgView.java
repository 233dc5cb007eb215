package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.Incoming;
import dev.offshoot.organisation.Organisation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.stream.Stream;

/** An organisation as the Cloud Manager API shows it. */
@RegisterForReflection
public record OrgView(String id, boolean isDeleted, List<Link> links, String name) {
    private static final String RELATIONS = "http://mms.mongodb.com/";

    static OrgView of(Incoming request, Organisation organisation) {
        var self = request.base() + CloudManagerRoutes.BASE + "/orgs/" + organisation.id();
        var related = Stream.of("groups", "teams", "users").map(name -> new Link(self + "/" + name, RELATIONS + name));
        return new OrgView(
                organisation.id().toString(),
                organisation.deleted(),
                Stream.concat(Stream.of(Link.self(self)), related).toList(),
                organisation.name());
    }
}
