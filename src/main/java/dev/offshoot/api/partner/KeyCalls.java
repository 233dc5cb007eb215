package dev.offshoot.api.partner;

import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.read.QueryReader;
import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.ApiKeys;
import dev.offshoot.apikey.ApiKeys.Actor;
import dev.offshoot.apikey.ApiKeys.KeyTarget;
import dev.offshoot.apikey.KeyListing;
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
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;

/** The calls about the API keys of one organisation: the caller's own or one beneath. */
@Singleton
class KeyCalls {
    private final CurrentRequest current;
    private final Organisations organisations;
    private final ApiKeys keys;
    private final KeyMinting minting;
    private final PartnerRequests requests;

    KeyCalls(
            CurrentRequest current,
            Organisations organisations,
            ApiKeys keys,
            KeyMinting minting,
            PartnerRequests requests) {
        this.current = current;
        this.organisations = organisations;
        this.keys = keys;
        this.minting = minting;
        this.requests = requests;
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

    Uni<PartnerAnswer<KeyData>> mint(OrgScope scope, OrgId organisation, byte[] body) {
        var caller = current.caller();
        var wanted = requests.read(body, MintKeyRequest.class, request -> request.unknownRoles(caller))
                .toNewKey();
        return find(scope, organisation)
                .chain(found -> minting.mint(scope, found, wanted))
                .map(minted -> answer("create", KeyView.of(minted)));
    }

    Uni<PartnerAnswer<KeyData>> get(OrgScope scope, OrgId organisation, String key) {
        return target(scope, organisation)
                .chain(target -> keys.getEvenRevoked(target, id(key)))
                .map(found -> answer("get", KeyView.of(found)));
    }

    Uni<PartnerAnswer<KeyData>> update(OrgScope scope, OrgId organisation, String key, byte[] body) {
        var update = requests.read(body, UpdateKeyRequest.class).toUpdate();
        var actor = actor();
        return target(scope, organisation)
                .chain(target -> keys.change(target, id(key), update, actor))
                .map(changed -> answer("update", KeyView.of(changed)));
    }

    Uni<PartnerAnswer<KeyData>> rotate(OrgScope scope, OrgId organisation, String key, byte[] body) {
        var overlap = requests.read(body, RotateKeyRequest.class).overlap();
        return target(scope, organisation)
                .chain(target -> minting.rotate(target, id(key), overlap))
                .map(minted -> answer("rotate", KeyView.of(minted)));
    }

    Uni<PartnerAnswer<KeyData>> revoke(OrgScope scope, OrgId organisation, String key) {
        var actor = actor();
        return target(scope, organisation)
                .chain(target -> keys.revoke(target, id(key), actor).chain(() -> keys.getEvenRevoked(target, id(key))))
                .map(revoked -> answer("delete", KeyView.of(revoked)));
    }

    private Uni<Organisation> find(OrgScope scope, OrgId organisation) {
        return organisations.get(scope, organisation, false);
    }

    private Uni<KeyTarget> target(OrgScope scope, OrgId organisation) {
        var roles = current.caller().handles();
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

    /** A malformed id is one that no key has. */
    private static KeyId id(String text) {
        return KeyId.parse(text).orElseThrow(() -> new Failure.NotFound(Failure.Subject.API_KEY).asException());
    }
}
