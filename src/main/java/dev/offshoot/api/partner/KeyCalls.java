package dev.offshoot.api.partner;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.Retries;
import dev.offshoot.api.http.Retries.Outcome;
import dev.offshoot.api.read.QueryReader;
import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.ApiKeys;
import dev.offshoot.apikey.ApiKeys.Actor;
import dev.offshoot.apikey.ApiKeys.KeyTarget;
import dev.offshoot.apikey.KeyListing;
import dev.offshoot.apikey.Role;
import dev.offshoot.failure.Failure;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.provisioning.KeyMinting;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.Page;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;

/** The calls about the API keys of one organisation: the caller's own or one beneath it. */
@Singleton
class KeyCalls {
    private final CurrentRequest current;
    private final Organisations organisations;
    private final ApiKeys keys;
    private final KeyMinting minting;
    private final PartnerRequests requests;
    private final Retries retries;

    KeyCalls(
            CurrentRequest current,
            Organisations organisations,
            ApiKeys keys,
            KeyMinting minting,
            PartnerRequests requests,
            Retries retries) {
        this.current = current;
        this.organisations = organisations;
        this.keys = keys;
        this.minting = minting;
        this.requests = requests;
        this.retries = retries;
    }

    Uni<RestResponse<PartnerAnswer<KeysData>>> list(OrgScope scope, OrgId organisation, QueryReader query) {
        var listing = ListRequest.keys(query, current.caller(), scope, organisation);
        return find(scope, organisation).chain(found -> list(listing, KeyView::of));
    }

    Uni<RestResponse<PartnerAnswer<KeysData>>> list(KeyListing listing, Function<ApiKey, KeyView> view) {
        var request = current.incoming();
        return keys.list(listing)
                .map(page -> NextLink.on(answer(page, listing, view), request, page, key -> key.id()
                        .value()));
    }

    Uni<Response> mint(OrgScope scope, OrgId organisation, byte[] body) {
        var caller = current.caller();
        var wanted = requests.read(body, MintKeyRequest.class, request -> request.unknownRoles(caller))
                .toNewKey();
        return retries.once(body, id -> find(scope, id), attempt -> find(scope, organisation)
                .chain(found -> minting.mint(scope, found, wanted, attempt))
                .map(minted -> outcome("create", organisation, KeyView.of(minted))));
    }

    Uni<PartnerAnswer<KeyData>> get(OrgScope scope, OrgId organisation, String key) {
        return target(scope, organisation)
                .chain(target -> keys.getEvenRevoked(target, id(key)))
                .map(found -> answer("get", KeyView.of(found)));
    }

    Uni<Response> update(OrgScope scope, OrgId organisation, String key, byte[] body) {
        var update = requests.read(body, UpdateKeyRequest.class).toUpdate();
        var actor = actor();
        var roles = current.caller().handles();
        return retries.once(body, id -> find(scope, id), attempt -> target(scope, organisation, roles)
                .chain(target -> keys.change(target, id(key), update, actor, attempt))
                .map(changed -> outcome("update", organisation, KeyView.of(changed))));
    }

    Uni<Response> rotate(OrgScope scope, OrgId organisation, String key, byte[] body) {
        var overlap = requests.read(body, RotateKeyRequest.class).overlap();
        var roles = current.caller().handles();
        return retries.once(body, id -> find(scope, id), attempt -> target(scope, organisation, roles)
                .chain(target -> minting.rotate(target, id(key), overlap, attempt))
                .map(minted -> outcome("rotate", organisation, KeyView.of(minted))));
    }

    Uni<Response> revoke(OrgScope scope, OrgId organisation, String key) {
        var actor = actor();
        var roles = current.caller().handles();
        return retries.once(attempt -> target(scope, organisation, roles)
                .chain(target ->
                        keys.revoke(target, id(key), actor, attempt).chain(() -> keys.getEvenRevoked(target, id(key))))
                .map(revoked -> answer("delete", KeyView.of(revoked)))
                .map(answer -> Outcome.of(Response.ok(answer).build())));
    }

    private Uni<Organisation> find(OrgScope scope, OrgId organisation) {
        return organisations.get(scope, organisation, false);
    }

    private Uni<KeyTarget> target(OrgScope scope, OrgId organisation) {
        return target(scope, organisation, current.caller().handles());
    }

    private Uni<KeyTarget> target(OrgScope scope, OrgId organisation, Set<Role> roles) {
        return find(scope, organisation).map(found -> new KeyTarget(scope, found.id(), roles));
    }

    private Actor actor() {
        return new Actor(current.caller().key(), current.incoming().address());
    }

    private static PartnerAnswer<KeysData> answer(
            Page<ApiKey> page, KeyListing listing, Function<ApiKey, KeyView> view) {
        var views = page.records().stream().map(view).toList();
        var data = new KeysData(views, Pagination.of(page, listing.skip()));
        return PartnerAnswer.of("get_api_keys_successful", data);
    }

    private static PartnerAnswer<KeyData> answer(String call, KeyView view) {
        return PartnerAnswer.of(call + "_api_key_successful", new KeyData(view));
    }

    private static Outcome outcome(String call, OrgId organisation, KeyView view) {
        return Outcome.showing(organisation, Response.ok(answer(call, view)).build());
    }

    /** A malformed id is answered like an id that no key has. */
    private static KeyId id(String text) {
        return KeyId.parse(text).orElseThrow(() -> new Failure.NotFound(Failure.Subject.API_KEY).asException());
    }
}
