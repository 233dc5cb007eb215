package dev.offshoot.api.cloudmanager;

import dev.offshoot.api.cloudmanager.AccessListRequest.AccessEntryRequest;
import dev.offshoot.api.http.CurrentRequest;
import dev.offshoot.api.http.TimeLimit;
import dev.offshoot.apikey.ApiKey;
import dev.offshoot.apikey.ApiKeys;
import dev.offshoot.apikey.ApiKeys.Actor;
import dev.offshoot.apikey.ApiKeys.KeyTarget;
import dev.offshoot.apikey.KeyListing;
import dev.offshoot.failure.Failure;
import dev.offshoot.organisation.Organisation;
import dev.offshoot.organisation.Organisations;
import dev.offshoot.provisioning.KeyMinting;
import dev.offshoot.scope.Page;
import dev.offshoot.value.AddressRange;
import dev.offshoot.value.KeyId;
import dev.offshoot.value.OrgId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.OptionalLong;

/** The API keys of an organisation and where they may be used from. */
@Path(CloudManagerRoutes.BASE)
@Produces(MediaType.APPLICATION_JSON)
@Singleton
@TimeLimit
public class ApiKeyResource {
    private static final String KEYS = "/orgs/{orgId}/apiKeys";

    private final CurrentRequest current;
    private final Organisations organisations;
    private final ApiKeys keys;
    private final KeyMinting minting;
    private final Answers answers;
    private final CloudManagerRequests requests;

    ApiKeyResource(
            CurrentRequest current,
            Organisations organisations,
            ApiKeys keys,
            KeyMinting minting,
            Answers answers,
            CloudManagerRequests requests) {
        this.current = current;
        this.organisations = organisations;
        this.keys = keys;
        this.minting = minting;
        this.answers = answers;
        this.requests = requests;
    }

    @GET
    @Path(KEYS)
    public Uni<Response> list(@PathParam("orgId") OrgId org) {
        var query = current.query();
        var format = ResponseFormat.read(query);
        var page = PageRequest.read(query);
        query.check();
        var request = current.incoming();
        return target(org)
                .chain(target -> keys.list(KeyListing.of(target, page.skip(), page.size(), page.counted())))
                .map(found -> ListView.of(request, page, found, key -> KeyView.of(request, key)))
                .map(view -> answers.okList(request, format, view));
    }

    @POST
    @Path(KEYS)
    public Uni<Response> mint(@PathParam("orgId") OrgId org, byte[] body) {
        var format = ResponseFormat.only(current.query());
        var request = current.incoming();
        var scope = current.caller().scope();
        var wanted = requests.read(body, NewKeyRequest.class).toNewKey();
        return organisations
                .get(scope, org, false)
                .chain(found -> minting.mint(scope, found, wanted))
                .map(minted -> answers.ok(request, format, KeyView.of(request, minted)));
    }

    @GET
    @Path(KEYS + "/{keyId}")
    public Uni<Response> get(@PathParam("orgId") OrgId org, @PathParam("keyId") String key) {
        var format = ResponseFormat.only(current.query());
        var request = current.incoming();
        return find(org, key).map(found -> answers.ok(request, format, KeyView.of(request, found)));
    }

    @PATCH
    @Path(KEYS + "/{keyId}")
    public Uni<Response> change(@PathParam("orgId") OrgId org, @PathParam("keyId") String key, byte[] body) {
        var format = ResponseFormat.only(current.query());
        var request = current.incoming();
        var change = requests.read(body, KeyChangeRequest.class).toUpdate();
        var actor = actor();
        return target(org)
                .chain(target -> keys.change(target, id(key), change, actor))
                .map(changed -> answers.ok(request, format, KeyView.of(request, changed)));
    }

    @DELETE
    @Path(KEYS + "/{keyId}")
    public Uni<Response> revoke(@PathParam("orgId") OrgId org, @PathParam("keyId") String key) {
        ResponseFormat.only(current.query());
        var actor = actor();
        return target(org).chain(target -> keys.revoke(target, id(key), actor)).map(revoked -> answers.noContent());
    }

    @GET
    @Path(KEYS + "/{keyId}/accessList")
    public Uni<Response> accessList(@PathParam("orgId") OrgId org, @PathParam("keyId") String key) {
        var query = current.query();
        var format = ResponseFormat.read(query);
        var page = PageRequest.read(query);
        query.check();
        return find(org, key).map(found -> accessList(found, page, format));
    }

    @POST
    @Path(KEYS + "/{keyId}/accessList")
    public Uni<Response> allow(@PathParam("orgId") OrgId org, @PathParam("keyId") String key, byte[] body) {
        var query = current.query();
        var format = ResponseFormat.read(query);
        var page = PageRequest.read(query);
        query.check();
        var ranges = requests.readList(body, AccessEntryRequest.class, "accessList", AccessListRequest::new)
                .ranges();
        var actor = actor();
        return target(org)
                .chain(target -> keys.allow(target, id(key), ranges, actor))
                .map(changed -> accessList(changed, page, format));
    }

    @GET
    @Path(KEYS + "/{keyId}/accessList/{address: .+}")
    public Uni<Response> accessEntry(
            @PathParam("orgId") OrgId org, @PathParam("keyId") String key, @PathParam("address") String address) {
        var format = ResponseFormat.only(current.query());
        var request = current.incoming();
        return find(org, key)
                .map(found -> AccessView.of(request, found, ApiKeys.entry(found, range(address))))
                .map(view -> answers.ok(request, format, view));
    }

    @DELETE
    @Path(KEYS + "/{keyId}/accessList/{address: .+}")
    public Uni<Response> disallow(
            @PathParam("orgId") OrgId org, @PathParam("keyId") String key, @PathParam("address") String address) {
        ResponseFormat.only(current.query());
        var actor = actor();
        return target(org)
                .chain(target -> keys.disallow(target, id(key), range(address), actor))
                .map(done -> answers.noContent());
    }

    private Response accessList(ApiKey key, PageRequest asked, ResponseFormat format) {
        var request = current.incoming();
        var entries = key.accessEntries();
        var rest = entries.subList(Math.min(asked.skip(), entries.size()), entries.size());
        var total = asked.counted() ? OptionalLong.of(entries.size()) : OptionalLong.empty();
        var page = Page.of(rest, asked.size(), total);
        var view = ListView.of(request, asked, page, entry -> AccessView.of(request, key, entry));
        return answers.okList(request, format, view);
    }

    private Uni<ApiKey> find(OrgId org, String key) {
        return target(org).chain(target -> keys.get(target, id(key)));
    }

    private Uni<KeyTarget> target(OrgId org) {
        var scope = current.caller().scope();
        return organisations
                .get(scope, org, false)
                .map(Organisation::id)
                .map(found -> new KeyTarget(scope, found, KeyRole.ROLES));
    }

    private Actor actor() {
        return new Actor(current.caller().key(), current.incoming().address());
    }

    /** A malformed id is one that no key has. */
    private static KeyId id(String text) {
        return KeyId.parse(text).orElseThrow(() -> new Failure.NotFound(Failure.Subject.API_KEY).asException());
    }

    private static AddressRange range(String text) {
        return AddressRange.parse(text)
                .orElseThrow(() -> new Failure.NotFound(Failure.Subject.ACCESS_ENTRY).asException());
    }
}
