package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.CloudManagerClient.error;
import static dev.offshoot.testing.CloudManagerClient.keyPath;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.CloudManagerClient.Key;
import dev.offshoot.testing.CloudManagerClient.Link;
import dev.offshoot.testing.CloudManagerClient.RoleOf;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API keys of an organisation: minting, showing, changing and revoking them. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class ApiKeyResourceTest {
    private static final String UNKNOWN_KEY = "0123456789ab";

    private final PartnerClient partner = PartnerClient.newPartner();
    private final CloudManagerClient client = CloudManagerClient.of(partner);
    private final String own = client.orgs("").results().get(0).id();

    @Test
    void mintedKeyIsShownWholeThisOnce() {
        var minted = client.mint(own, "For the CLI", "ORG_OWNER");

        var secret = KeySecret.parse(minted.privateKey()).orElseThrow();
        assertThat(minted)
                .isEqualTo(new Key(
                        "For the CLI",
                        secret.id().value(),
                        List.of(new Link(
                                Http.base()
                                        + CloudManagerClient.PATH
                                        + keyPath(own, secret.id().value()),
                                "self")),
                        minted.privateKey(),
                        secret.id().value(),
                        List.of(new RoleOf(own, "ORG_OWNER"))));
        var shown = new Key(
                minted.desc(),
                minted.id(),
                minted.links(),
                "********-****-****-********" + secret.hint(),
                minted.publicKey(),
                minted.roles());
        assertThat(client.key(own, minted.id())).isEqualTo(shown);
        assertThat(client.keys(own, "").results()).containsExactly(shown);
        assertThat(client.change(own, minted.id(), Map.of())).isEqualTo(shown);
    }

    @Test
    void mintedKeyIsNotKeptAnywhereInTheDatabase() {
        var minted = client.mint(own, "A", "ORG_READ_ONLY");

        assertThat(Stored.tree(own).toString()).contains(minted.id()).doesNotContain(minted.privateKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ORG_OWNER", "ORG_READ_ONLY"})
    void mintedKeyWorksHereAtOnceAndNotOnThePartnerApi(String role) {
        var minted = client.mint(own, "A", role);

        assertThat(CloudManagerClient.with(minted.privateKey()).orgs("").totalCount())
                .isEqualTo(1);
        assertThat(PartnerClient.error(PartnerClient.with(minted.privateKey()).send("GET", "/organisations"), 401)
                        .code())
                .isEqualTo("unauthorised");
    }

    @Test
    void rolesAreShownOnceEachInTheirOrder() {
        var minted = client.mint(own, "A", "ORG_READ_ONLY", "ORG_OWNER");

        assertThat(minted.roles()).containsExactly(new RoleOf(own, "ORG_OWNER"), new RoleOf(own, "ORG_READ_ONLY"));
        assertThat(client.mint(own, "B", "ORG_OWNER", "ORG_OWNER").roles())
                .containsExactly(new RoleOf(own, "ORG_OWNER"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {"roles":["ORG_OWNER"]}                          | MISSING_ATTRIBUTE  | desc
            {"desc":null,"roles":["ORG_OWNER"]}              | MISSING_ATTRIBUTE  | desc
            {"desc":1,"roles":["ORG_OWNER"]}                 | INVALID_ATTRIBUTE  | desc
            {"desc":" ","roles":["ORG_OWNER"]}               | INVALID_ATTRIBUTE  | desc
            {"desc":"a\\u0007","roles":["ORG_OWNER"]}        | INVALID_ATTRIBUTE  | desc
            {"desc":"A"}                                     | MISSING_ATTRIBUTE  | roles
            {"desc":"A","roles":null}                        | MISSING_ATTRIBUTE  | roles
            {"desc":"A","roles":[]}                          | INVALID_ATTRIBUTE  | roles
            {"desc":"A","roles":"ORG_OWNER"}                 | INVALID_ATTRIBUTE  | roles
            {"desc":"A","roles":[1]}                         | INVALID_ATTRIBUTE  | roles
            {"desc":"A","roles":[null]}                      | INVALID_ATTRIBUTE  | roles
            {"desc":"A","roles":["org_owner"]}               | INVALID_ENUM_VALUE | roles
            {"desc":"A","roles":["PARTNER"]}                 | INVALID_ENUM_VALUE | roles
            {"desc":"A","roles":["STANDARD"]}                | INVALID_ENUM_VALUE | roles
            {"desc":"A","roles":["GATEWAY"]}                 | INVALID_ENUM_VALUE | roles
            {"desc":"A","roles":["ORG_OWNER","ORG_MEMBER"]}  | INVALID_ENUM_VALUE | roles
            """)
    void badKeyIsNotMinted(String body, String code, String attribute) {
        var error = error(client.sendText("POST", "/orgs/" + own + "/apiKeys", body), 400);

        assertThat(error.errorCode()).isEqualTo(code);
        assertThat(error.parameters()).containsExactly(attribute);
        assertThat(client.keys(own, "").totalCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"desc\":\"A\",\"desc\":\"B\"}"})
    void malformedBodyIsInvalidJson(String body) {
        var key = client.mint(own, "A", "ORG_OWNER").id();

        assertThat(error(client.sendText("POST", "/orgs/" + own + "/apiKeys", body), 400)
                        .errorCode())
                .isEqualTo("INVALID_JSON");
        assertThat(error(client.sendText("PATCH", keyPath(own, key), body), 400).errorCode())
                .isEqualTo("INVALID_JSON");
    }

    @Test
    void unknownAttributesAreIgnored() {
        var body = Map.of("desc", "A", "roles", List.of("ORG_OWNER"), "privateKey", "mine", "id", "x");

        var minted = CloudManagerClient.read(client.send("POST", "/orgs/" + own + "/apiKeys", body), 200, Key.class);

        assertThat(KeySecret.parse(minted.privateKey())).isPresent();
    }

    @Test
    void descriptionAndRolesAreChangedEachByItself() {
        var minted = client.mint(own, "Before", "ORG_OWNER");

        var renamed = client.change(own, minted.id(), Map.of("desc", "After"));
        assertThat(renamed.desc()).isEqualTo("After");
        assertThat(renamed.roles()).isEqualTo(minted.roles());

        var narrowed = client.change(own, minted.id(), Map.of("roles", List.of("ORG_READ_ONLY")));
        assertThat(narrowed.desc()).isEqualTo("After");
        assertThat(narrowed.roles()).containsExactly(new RoleOf(own, "ORG_READ_ONLY"));
        assertThat(client.key(own, minted.id())).isEqualTo(narrowed);
        assertThat(client.change(own, minted.id(), Map.of("desc", "After"))).isEqualTo(narrowed);
    }

    @Test
    void changedRolesCountOnTheVeryNextRequest() {
        var minted = client.mint(own, "A", "ORG_OWNER");
        var holder = CloudManagerClient.with(minted.privateKey());
        holder.rename(own, "By the owner");

        client.change(own, minted.id(), Map.of("roles", List.of("ORG_READ_ONLY")));

        assertThat(error(holder.send("PATCH", "/orgs/" + own, Map.of("name", "Again")), 403)
                        .errorCode())
                .isEqualTo("USER_UNAUTHORIZED");
        assertThat(holder.org(own).name()).isEqualTo("By the owner");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {"roles":["PARTNER"]}     | INVALID_ENUM_VALUE | roles
            {"roles":["STANDARD"]}    | INVALID_ENUM_VALUE | roles
            {"roles":[]}              | INVALID_ATTRIBUTE  | roles
            {"roles":{}}              | INVALID_ATTRIBUTE  | roles
            {"desc":2}                | INVALID_ATTRIBUTE  | desc
            {"desc":""}               | INVALID_ATTRIBUTE  | desc
            """)
    void badChangeChangesNothing(String body, String code, String attribute) {
        var minted = client.mint(own, "A", "ORG_OWNER");

        var error = error(client.sendText("PATCH", keyPath(own, minted.id()), body), 400);

        assertThat(error.errorCode()).isEqualTo(code);
        assertThat(error.parameters()).containsExactly(attribute);
        assertThat(client.key(own, minted.id()).roles()).isEqualTo(minted.roles());
    }

    @Test
    void changesOfDifferentAttributesAtTheSameTimeAreBothKept() {
        for (var round = 0; round < 8; round++) {
            var key = client.mint(own, "Before", "ORG_OWNER").id();

            var statuses = Concurrently.statuses(
                    client.keyed("PATCH", keyPath(own, key), "{\"desc\":\"After\"}"),
                    client.keyed("PATCH", keyPath(own, key), "{\"roles\":[\"ORG_READ_ONLY\"]}"));

            assertThat(statuses).containsOnly(200);
            var changed = client.key(own, key);
            assertThat(changed.desc()).isEqualTo("After");
            assertThat(changed.roles()).containsExactly(new RoleOf(own, "ORG_READ_ONLY"));
        }
    }

    @Test
    void revokedKeyIsRefusedOnTheVeryNextRequestAndIsNotThere() {
        var minted = client.mint(own, "A", "ORG_OWNER");
        var holder = CloudManagerClient.with(minted.privateKey());
        holder.org(own);

        client.revoke(own, minted.id());

        assertThat(error(holder.send("GET", "/orgs"), 401).errorCode()).isEqualTo("NO_CURRENT_USER");
        for (var answer : List.of(
                client.send("GET", keyPath(own, minted.id())),
                client.send("PATCH", keyPath(own, minted.id()), Map.of("desc", "B")),
                client.send("DELETE", keyPath(own, minted.id())),
                client.send("GET", keyPath(own, minted.id()) + "/accessList"),
                client.send("POST", keyPath(own, minted.id()) + "/accessList", CloudManagerClient.entries("::1")))) {
            var error = error(answer, 404);
            assertThat(error.errorCode()).isEqualTo("API_KEY_NOT_FOUND");
            assertThat(error.parameters()).containsExactly(minted.id());
        }
        assertThat(client.keys(own, "").totalCount()).isZero();
    }

    @Test
    void keyIsRevokedOnceHoweverManyAskAtTheSameTime() {
        var key = client.mint(own, "A", "ORG_OWNER").id();

        var statuses = Concurrently.statuses(
                client.keyed("DELETE", keyPath(own, key)),
                client.keyed("DELETE", keyPath(own, key)),
                client.keyed("DELETE", keyPath(own, key)));

        assertThat(statuses).containsExactlyInAnyOrder(204, 404, 404);
    }

    /** What a rotation ended stays so, whatever is changed of it here. */
    @Test
    void changeDoesNotOutliveTheEndThatARotationSet() {
        var minted = client.mint(own, "Rotated", "ORG_OWNER");
        var keys = "/api-keys/" + minted.id();
        partner.rotate(keys, Map.of());
        var end = partner.key(keys).expiresAt();

        client.change(own, minted.id(), Map.of("desc", "Renamed", "roles", List.of("ORG_READ_ONLY")));

        assertThat(partner.key(keys).expiresAt()).isEqualTo(end).isNotNull();
        assertThat(CloudManagerClient.error(
                                CloudManagerClient.with(minted.privateKey()).send("GET", "/orgs"), 401)
                        .errorCode())
                .isEqualTo("NO_CURRENT_USER");
    }

    @Test
    void noKeyRevokesItself() {
        var minted = client.mint(own, "A", "ORG_OWNER");
        var holder = CloudManagerClient.with(minted.privateKey());

        assertThat(error(holder.send("DELETE", keyPath(own, minted.id())), 409).errorCode())
                .isEqualTo("CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST");
        assertThat(holder.key(own, minted.id()).desc()).isEqualTo("A");
    }

    @Test
    void ownerHandlesTheKeysOfItsOwnOrganisationAndBeneath() {
        var child = client.create("Child").id();
        var owner =
                CloudManagerClient.with(client.mint(own, "Owner", "ORG_OWNER").privateKey());
        for (var org : List.of(own, child)) {
            var minted = owner.mint(org, "A", "ORG_READ_ONLY", "ORG_OWNER");

            assertThat(owner.change(org, minted.id(), Map.of("desc", "B")).desc())
                    .isEqualTo("B");
            assertThat(owner.allow(org, minted.id(), "192.0.2.1").totalCount()).isEqualTo(1);
            owner.revoke(org, minted.id());
        }
    }

    @Test
    void readerReadsKeysAndChangesNone() {
        var key = client.mint(own, "A", "ORG_OWNER").id();
        client.allow(own, key, "192.0.2.1");
        var reader = CloudManagerClient.with(
                client.mint(own, "Reader", "ORG_READ_ONLY").privateKey());

        assertThat(reader.keys(own, "").totalCount()).isEqualTo(2);
        assertThat(reader.key(own, key).desc()).isEqualTo("A");
        assertThat(reader.accessList(own, key, "").totalCount()).isEqualTo(1);
        var body = Map.of("desc", "B", "roles", List.of("ORG_READ_ONLY"));
        for (var answer : List.of(
                reader.send("POST", "/orgs/" + own + "/apiKeys", body),
                reader.send("PATCH", keyPath(own, key), body),
                reader.send("DELETE", keyPath(own, key)),
                reader.send("POST", keyPath(own, key) + "/accessList", CloudManagerClient.entries("::1")),
                reader.send("DELETE", keyPath(own, key) + "/accessList/192.0.2.1"))) {
            assertThat(error(answer, 403).errorCode()).isEqualTo("USER_UNAUTHORIZED");
        }
    }

    @Test
    void keyOfAnotherOrganisationIsNotThere() {
        var child = client.create("Child").id();
        var key = client.mint(own, "A", "ORG_OWNER").id();

        for (var wrong : List.of(key, UNKNOWN_KEY, "malformed", "%20", "0123456789AB")) {
            var error = error(client.send("GET", keyPath(child, wrong)), 404);
            assertThat(error.errorCode()).isEqualTo("API_KEY_NOT_FOUND");
            assertThat(error.parameters()).containsExactly(wrong.replace("%20", " "));
        }
    }

    @Test
    void keysWithOtherRolesAreNotListedAndNotThere() {
        var partnerKey = KeySecret.parse(Objects.requireNonNull(partner.key())).orElseThrow();
        for (var roles :
                List.of(List.of("STANDARD"), List.of("GATEWAY"), List.of("PARTNER"), List.of("ORG_OWNER", "PARTNER"))) {
            var other = Stored.otherKey(partnerKey.reveal(), Map.of("roles", roles));
            var id = KeySecret.parse(other).orElseThrow().id().value();
            for (var answer : List.of(
                    client.send("GET", keyPath(own, id)),
                    client.send("PATCH", keyPath(own, id), Map.of("desc", "Mine")),
                    client.send("DELETE", keyPath(own, id)),
                    client.send("GET", keyPath(own, id) + "/accessList"))) {
                assertThat(error(answer, 404).errorCode()).isEqualTo("API_KEY_NOT_FOUND");
            }
        }
        assertThat(client.keys(own, "").results()).isEmpty();
        assertThat(error(client.send("DELETE", keyPath(own, partnerKey.id().value())), 404)
                        .errorCode())
                .isEqualTo("API_KEY_NOT_FOUND");
    }

    @Test
    void keysAreListedPageByPageInOrderOfTheirIds() {
        var ids = IntStream.range(0, 5)
                .mapToObj(i -> client.mint(own, "Key " + i, "ORG_READ_ONLY").id())
                .sorted()
                .toList();
        var path = Http.base() + CloudManagerClient.PATH + "/orgs/" + own + "/apiKeys";

        var walked = new ArrayList<String>();
        for (var query = "?itemsPerPage=2"; query != null; ) {
            var page = client.keys(own, query);
            assertThat(page.totalCount()).isEqualTo(5);
            page.results().forEach(key -> walked.add(key.id()));
            var next = page.link("next");
            query = next == null ? null : next.substring(path.length());
        }

        assertThat(walked).isEqualTo(ids);
        assertThat(client.keys(own, "").link("self")).isEqualTo(path);
        assertThat(client.keys(own, "?pageNum=3&itemsPerPage=2").rels()).containsExactly("self", "previous");
        assertThat(client.keys(own, "?includeCount=false").totalCount()).isNull();
    }

    @Test
    void envelopeIsTheSameHere() {
        var minted = client.mint(own, "A", "ORG_OWNER").id();

        assertThat(client.send("GET", keyPath(own, minted) + "?envelope=true")
                        .json()
                        .fieldNames())
                .toIterable()
                .containsExactly("status", "content");
        assertThat(client.send("GET", "/orgs/" + own + "/apiKeys?envelope=true")
                        .json()
                        .fieldNames())
                .toIterable()
                .containsExactly("status", "links", "results", "totalCount");
    }
}
