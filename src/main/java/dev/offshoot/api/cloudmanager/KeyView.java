package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.http.Incoming;
import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.Role;
import dev.offshoot.provisioning.KeyMinting.Minted;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** An API key as the Cloud Manager API shows it: the private key whole once, later only its end. */
@RegisterForReflection
public record KeyView(
        String desc, String id, List<Link> links, String privateKey, String publicKey, List<RoleView> roles) {
    private static final String HIDDEN = "********-****-****-********";

    static KeyView of(Incoming request, ApiKey key) {
        return of(request, key, HIDDEN + key.hint());
    }

    static KeyView of(Incoming request, Minted minted) {
        return of(request, minted.key(), minted.secret().reveal());
    }

    static String href(Incoming request, ApiKey key) {
        return request.base() + CloudManagerRoutes.BASE + "/orgs/" + key.organisation() + "/apiKeys/" + key.id();
    }

    @Override
    public String toString() {
        return "KeyView[" + id + "]";
    }

    private static KeyView of(Incoming request, ApiKey key, String privateKey) {
        var organisation = key.organisation().toString();
        return new KeyView(
                key.name(),
                key.id().value(),
                List.of(Link.self(href(request, key))),
                privateKey,
                key.id().value(),
                key.roles().stream()
                        .map(Role::name)
                        .map(role -> new RoleView(organisation, role))
                        .toList());
    }
}
