package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.CloudManagerClient.PATH;
import static dev.offshoot.testing.CloudManagerClient.error;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.CloudManagerClient.Link;
import dev.offshoot.testing.CloudManagerClient.Org;
import dev.offshoot.testing.CloudManagerClient.Page;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerTree;
import dev.offshoot.testing.Stored;
import dev.offshoot.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The organisations as an existing tool finds them. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class OrgResourceTest {
    private static final String UNKNOWN_ID = "0123456789abcdef01234567";

    private final PartnerClient partner = PartnerClient.newPartner();
    private final CloudManagerClient client = CloudManagerClient.of(partner);

    @Test
    void ownOrganisationAndAllBeneathAreListedInOrderOfTheirIds() {
        var tree = PartnerTree.beneath(PartnerClient.root(), "Tree");

        var page = CloudManagerClient.of(tree.client()).orgs("");

        assertThat(ids(page))
                .isSorted()
                .containsExactlyInAnyOrder(
                        tree.id(),
                        tree.child().id(),
                        tree.subPartner().id(),
                        tree.grandchild().id());
        assertThat(page.totalCount()).isEqualTo(4);
        assertThat(page.links()).containsExactly(new Link(url("/orgs"), "self"));
        assertThat(page.results()).contains(CloudManagerClient.of(tree.client()).org(tree.id()));
    }

    @Test
    void organisationHasItsFieldsInTheContractsOrderAndItsLinks() {
        var id = partner.create("Customer Application Support").id();

        var answer = client.send("GET", "/orgs/" + id);

        assertThat(answer.json())
                .isEqualTo(Http.json("""
                        {
                          "id": "ID", "isDeleted": false,
                          "links": [
                            {"href": "BASE/orgs/ID", "rel": "self"},
                            {"href": "BASE/orgs/ID/groups", "rel": "http://mms.mongodb.com/groups"},
                            {"href": "BASE/orgs/ID/teams", "rel": "http://mms.mongodb.com/teams"},
                            {"href": "BASE/orgs/ID/users", "rel": "http://mms.mongodb.com/users"}
                          ],
                          "name": "Customer Application Support"
                        }""".replace("BASE", url("")).replace("ID", id)));
        assertThat(answer.json().fieldNames()).toIterable().containsExactly("id", "isDeleted", "links", "name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/orgs",
                "/orgs?name=Nobody",
                "/orgs/{id}",
                "/orgs/{id}/groups",
                "/orgs/{id}/teams",
                "/orgs/{id}/users",
                "/orgs/{id}/invites",
                "/groups",
                "/orgs/{id}/apiKeys",
                "",
                "/orgs/{id}?envelope=true&pretty=true"
            })
    void every200HasTheHeadersOfTheContract(String path) {
        var answer = client.send("GET", path.replace("{id}", partner.create("A").id()));

        assertThat(answer.status()).isEqualTo(200);
        assertContractsHeaders(answer);
        assertThat(answer.headers().map()).doesNotContainKey("strict-transport-security");
    }

    @Test
    void writesHaveTheHeadersToo() {
        var id = client.create("A").id();

        assertContractsHeaders(client.send("POST", "/orgs", Map.of("name", "B")));
        assertContractsHeaders(client.send("PATCH", "/orgs/" + id, Map.of("name", "C")));
        var deleted = client.send("DELETE", "/orgs/" + id);
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.header("Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            Ärzte GmbH      | ärzte gmbh       | true
            Ärzte GmbH      | ÄRZTE GMBH       | true
            Ärzte GmbH      | A\u0308rzte GmbH | true
            Ärzte GmbH      | ' Ärzte GmbH '   | true
            Ärzte GmbH      | Arzte GmbH       | false
            Ärzte GmbH      | Ärzte            | false
            Ärzte GmbH      | Ärzte GmbH 1     | false
            ΟΔΟΣ            | οδος             | true
            ΟΔΟΣ            | οδοσ             | true
            Straße          | STRASSE          | true
            org1            | Org1             | true
            org123          | org1             | false
            A.*B            | .*               | false
            A.*B            | a.*b             | true
            a&b=c+d%        | A&B=C+D%         | true
            """)
    void nameFindsExactNamesWhateverTheirCase(String name, String asked, boolean found) {
        var id = partner.create(name).id();

        var page = client.orgs("?name=" + encoded(asked));

        assertThat(ids(page)).isEqualTo(found ? List.of(id) : List.of());
        assertThat(page.totalCount()).isEqualTo(found ? 1 : 0);
    }

    @Test
    void emptyNameIsNoFilter() {
        partner.create("A");

        assertThat(client.orgs("?name=").totalCount()).isEqualTo(2);
        assertThat(client.orgs("?name=&itemsPerPage=1").link("next")).contains("name=");
    }

    @Test
    void nameIsFilteredOnEveryPage() {
        var ids = IntStream.range(0, 3)
                .mapToObj(i -> partner.create(i % 2 == 0 ? "Twin" : "TWIN").id())
                .toList();
        partner.create("Another");

        assertThat(walk("/orgs?name=twin&itemsPerPage=2", 3)).isEqualTo(ids);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pageNum=0",
                "pageNum=-1",
                "pageNum=01",
                "pageNum=1.0",
                "pageNum=",
                "pageNum=x",
                "pageNum=2147483648",
                "pageNum=1&pageNum=1",
                "itemsPerPage=0",
                "itemsPerPage=501",
                "itemsPerPage=",
                "itemsPerPage=2147483647",
                "itemsPerPage=%2B1",
                "includeCount=1",
                "includeCount=TRUE",
                "includeDeletedOrgs=yes",
                "includeDeletedOrgs=",
                "pretty=",
                "envelope=True",
                "name=a&name=b"
            })
    void badParameterIsRefusedAndNamed(String query) {
        var error = error(client.send("GET", "/orgs?" + query), 400);

        var parameter = query.replaceFirst("=.*", "");
        assertThat(error.errorCode()).isEqualTo("INVALID_QUERY_PARAMETER");
        assertThat(error.parameters()).containsExactly(parameter);
        assertThat(error.detail()).contains(parameter);
        assertThat(error.reason()).isEqualTo("Bad Request");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            query                            | from | to | rels
            ''                               | 0    | 5  | self
            ?pageNum=1                       | 0    | 5  | self
            ?itemsPerPage=500                | 0    | 5  | self
            ?itemsPerPage=1                  | 0    | 1  | self next
            ?itemsPerPage=2                  | 0    | 2  | self next
            ?itemsPerPage=2&pageNum=2        | 2    | 4  | self previous next
            ?itemsPerPage=2&pageNum=3        | 4    | 5  | self previous
            ?itemsPerPage=5                  | 0    | 5  | self
            ?itemsPerPage=5&pageNum=2        | 5    | 5  | self previous
            ?itemsPerPage=5&pageNum=3        | 5    | 5  | self
            ?itemsPerPage=500&pageNum=2147483647 | 5 | 5 | self
            ?pageNum=2147483647&itemsPerPage=1   | 5 | 5 | self
            """)
    void pageHoldsItsPartAndLinksToItsNeighbours(String query, int from, int to, String rels) {
        var ids = family(4);

        var page = client.orgs(query);

        assertThat(ids(page)).isEqualTo(ids.subList(from, to));
        assertThat(page.totalCount()).isEqualTo(5);
        assertThat(page.rels()).containsExactly(rels.split(" "));
    }

    @Test
    void pageHolds100ByDefaultAndSaysSoInItsLinks() {
        var ids = family(100);

        var first = client.orgs("");

        assertThat(ids(first)).isEqualTo(ids.subList(0, 100));
        assertThat(first.link("self")).isEqualTo(url("/orgs?pageNum=1&itemsPerPage=100"));
        assertThat(first.link("next")).isEqualTo(url("/orgs?pageNum=2&itemsPerPage=100"));
        assertThat(walk("/orgs", 101)).isEqualTo(ids);
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "?pretty=false, ?pretty=false",
        "?unknown=1&name=, ?unknown=1&name=",
        "?pageNum=1, ?pageNum=1&itemsPerPage=100",
        "?itemsPerPage=7&pretty=true, ?pretty=true&pageNum=1&itemsPerPage=7",
        "?itemsPerPage=7&includeCount=false&pageNum=3, ?includeCount=false&pageNum=3&itemsPerPage=7",
        "?name=%C3%84+b%26c, ?name=%C3%84+b%26c"
    })
    void selfEchoesTheQueryAndSaysThePageOnceItIsPaged(String query, String echoed) {
        assertThat(client.orgs(query).link("self")).isEqualTo(url("/orgs" + echoed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?itemsPerPage=1",
                "?itemsPerPage=2",
                "?itemsPerPage=3&includeCount=false",
                "?includeCount=true&itemsPerPage=2&pretty=true",
                "?itemsPerPage=2&name=",
                "?page%4Eum=1&items%50erPage=2",
                "?itemsPerPage=500"
            })
    void nextLinksLeadToEachOrganisationOnceAndPreviousLinksBack(String query) {
        var ids = family(6);

        assertThat(walk("/orgs" + query, query.contains("includeCount=false") ? null : 7))
                .isEqualTo(ids);
    }

    @Test
    void totalIsLeftOutOnRequest() {
        assertThat(client.orgs("?includeCount=false").totalCount()).isNull();
        assertThat(client.orgs("?includeCount=true").totalCount()).isEqualTo(1);
    }

    @Test
    void deletedOrganisationsAreListedOnRequestOnlyAndSaySo() {
        var kept = client.create("Kept");
        var deleted = client.create("Deleted");
        client.delete(deleted.id());

        var without = client.orgs("");
        var with = client.orgs("?includeDeletedOrgs=true");

        assertThat(ids(without)).doesNotContain(deleted.id()).contains(kept.id());
        assertThat(client.orgs("?includeDeletedOrgs=false"))
                .extracting(OrgResourceTest::ids)
                .isEqualTo(ids(without));
        assertThat(with.results())
                .filteredOn(Org::isDeleted)
                .containsExactly(new Org(deleted.id(), true, deleted.links(), "Deleted"));
        assertThat(with.totalCount()).isEqualTo(3);
        assertThat(error(client.send("GET", "/orgs/" + deleted.id()), 404).errorCode())
                .isEqualTo("ORG_NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools.example", "tools.example:8443", "127.0.0.1:1", "[::1]:8080"})
    void linksEchoTheHostAndPortThatTheClientUsed(String host) throws IOException {
        var id = client.create("A").id();

        var list = as(host, "/orgs?itemsPerPage=1");
        var single = as(host, "/orgs/" + id);

        assertThat(hrefs(list)).hasSizeGreaterThan(4).allMatch(href -> href.startsWith("http://" + host + PATH));
        assertThat(hrefs(single)).hasSize(4).allMatch(href -> href.startsWith("http://" + host + PATH + "/orgs/" + id));
    }

    @Test
    void linksDoNotFollowForwardedHeadersOfAnybody() {
        var answer = client.keyed("GET", "/orgs")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "evil.example")
                .header("Forwarded", "proto=https;host=evil.example")
                .send();

        assertThat(hrefs(answer.json())).allMatch(href -> href.startsWith(url("")));
        assertThat(answer.headers().map()).doesNotContainKey("strict-transport-security");
    }

    @Test
    void linksHaveNoTrailingSlash() {
        assertThat(client.orgs("/").link("self")).isEqualTo(url("/orgs"));
        assertThat(client.orgs("/?pageNum=1").link("self")).isEqualTo(url("/orgs?pageNum=1&itemsPerPage=100"));
    }

    @Test
    void envelopeWrapsASingleObjectInContent() {
        var id = client.create("A").id();
        var plain = client.send("GET", "/orgs/" + id).json();

        var wrapped = client.send("GET", "/orgs/" + id + "?envelope=true");

        assertThat(wrapped.status()).isEqualTo(200);
        assertThat(wrapped.json().fieldNames()).toIterable().containsExactly("status", "content");
        assertThat(wrapped.json().get("status").intValue()).isEqualTo(200);
        assertThat(wrapped.json().get("content")).isEqualTo(plain);
        assertThat(client.send("GET", "/orgs/" + id + "?envelope=false").json()).isEqualTo(plain);
    }

    @Test
    void envelopeOfAListIsTheStatusBesideItsFields() {
        var wrapped = client.send("GET", "/orgs?envelope=true").json();

        assertThat(wrapped.fieldNames()).toIterable().containsExactly("status", "links", "results", "totalCount");
        assertThat(wrapped.get("status").intValue()).isEqualTo(200);
        assertThat(wrapped.get("results"))
                .isEqualTo(client.send("GET", "/orgs").json().get("results"));
    }

    @Test
    void envelopeWrapsWritesToo() {
        var created =
                client.send("POST", "/orgs?envelope=true", Map.of("name", "A")).json();
        var id = created.get("content").get("id").textValue();

        var renamed = client.send("PATCH", "/orgs/" + id + "?envelope=true", Map.of("name", "B"));

        assertThat(created.get("status").intValue()).isEqualTo(200);
        assertThat(renamed.json().get("content").get("name").textValue()).isEqualTo("B");
        assertThat(client.send("DELETE", "/orgs/" + id + "?envelope=true").status())
                .isEqualTo(204);
    }

    @Test
    void envelopeWrapsErrorsAndTheStatusStaysTheRealOne() {
        var plain = client.send("GET", "/orgs/" + UNKNOWN_ID);

        var wrapped = client.send("GET", "/orgs/" + UNKNOWN_ID + "?envelope=true");
        var unauthenticated = CloudManagerClient.with(null).send("GET", "/orgs?envelope=true");

        assertThat(wrapped.status()).isEqualTo(404);
        assertThat(wrapped.json().get("status").intValue()).isEqualTo(404);
        assertThat(wrapped.json().get("content")).isEqualTo(plain.json());
        assertThat(unauthenticated.status()).isEqualTo(401);
        assertThat(unauthenticated.json().get("status").intValue()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/orgs", "/orgs/{id}", "/orgs/" + UNKNOWN_ID, "/groups", ""})
    void prettyIndentsAndChangesNothingElse(String path) {
        var target = path.replace("{id}", client.create("A").id());

        var pretty = client.send("GET", target + "?pretty=true");

        assertThat(pretty.body()).contains("\n  \"");
        assertThat(client.send("GET", target + "?pretty=false").body()).doesNotContain("\n");
        assertThat(client.send("GET", target).body()).doesNotContain("\n");
        assertThat(pretty.json().toString().replace("?pretty=true", ""))
                .isEqualTo(client.send("GET", target).body());
    }

    @Test
    void renamingAnswersTheOrganisationAsTheContractShowsIt() {
        var id = partner.create("Before").id();

        var answer = client.sendText("PATCH", "/orgs/" + id + "?pretty=true", """
                {
                  "name" :  "Organization Name 1"
                }""");

        var renamed = CloudManagerClient.read(answer, 200, Org.class);
        assertThat(renamed.name()).isEqualTo("Organization Name 1");
        assertThat(renamed).isEqualTo(client.org(id));
        assertThat(answer.body()).contains("\n");
        assertThat(partner.get(id).name()).isEqualTo("Organization Name 1");
    }

    @Test
    void writesThroughOneApiAreVisibleThroughTheOtherAtOnce() {
        var created = client.create("A");
        assertThat(partner.get(created.id()).name()).isEqualTo("A");

        client.rename(created.id(), "B");
        assertThat(partner.get(created.id()).name()).isEqualTo("B");
        assertThat(partner.list("").ids()).containsExactly(created.id());

        partner.update(created.id(), Map.of("organisation_name", "C"));
        assertThat(client.org(created.id()).name()).isEqualTo("C");
        assertThat(ids(client.orgs("?name=c"))).containsExactly(created.id());
        assertThat(ids(client.orgs("?name=B"))).isEmpty();

        partner.delete(created.id());
        assertThat(client.send("GET", "/orgs/" + created.id()).status()).isEqualTo(404);
    }

    @Test
    void ownOrganisationIsRenamed() {
        var own = client.orgs("").results().get(0).id();

        assertThat(client.rename(own, "Ourselves").name()).isEqualTo("Ourselves");
        assertThat(client.org(own).name()).isEqualTo("Ourselves");
    }

    @Test
    void renamingKeepsEverythingElseAndIgnoresOtherAttributes() {
        var id = partner.create("Before").id();
        var before = Stored.organisation(id);

        var renamed = CloudManagerClient.read(
                client.send(
                        "PATCH",
                        "/orgs/" + id,
                        Map.of("name", "After", "id", UNKNOWN_ID, "isDeleted", true, "links", List.of(), "x", 1)),
                200,
                Org.class);

        assertThat(renamed.id()).isEqualTo(id);
        assertThat(renamed.isDeleted()).isFalse();
        var after = Stored.organisation(id);
        List.of("name", "name_key", "updated_at", "revision", "shown").forEach(field -> {
            before.remove(field);
            after.remove(field);
        });
        assertThat(after).isEqualTo(before);
    }

    @Test
    void nameIsStoredTrimmedAndNormalised() {
        assertThat(client.create("  A\u0308  ").name()).isEqualTo("\u00c4");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {}                              | MISSING_ATTRIBUTE
            {"Name":"A"}                    | MISSING_ATTRIBUTE
            {"name":null}                   | MISSING_ATTRIBUTE
            {"name":1}                      | INVALID_ATTRIBUTE
            {"name":["A"]}                  | INVALID_ATTRIBUTE
            {"name":{}}                     | INVALID_ATTRIBUTE
            {"name":true}                   | INVALID_ATTRIBUTE
            {"name":""}                     | INVALID_ATTRIBUTE
            {"name":"   "}                  | INVALID_ATTRIBUTE
            {"name":"a\\u0000b"}            | INVALID_ATTRIBUTE
            {"name":"a\\u202eb"}            | INVALID_ATTRIBUTE
            {"name":"\\ud800"}              | INVALID_ATTRIBUTE
            """)
    void bodyWithoutAGoodNameIsRefusedAndTheNameNamed(String body, String code) {
        var own = client.orgs("").results().get(0).id();
        for (var answer :
                List.of(client.sendText("PATCH", "/orgs/" + own, body), client.sendText("POST", "/orgs", body))) {
            var error = error(answer, 400);

            assertThat(error.errorCode()).isEqualTo(code);
            assertThat(error.parameters()).containsExactly("name");
            if (code.equals("MISSING_ATTRIBUTE")) {
                assertThat(error.detail()).isEqualTo("The required attribute name was not specified.");
            }
        }
        assertThat(client.orgs("").totalCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "nonsense",
                "{\"name\":\"A\"}x",
                "{\"name\":\"A\",\"name\":\"B\"}",
                "[]",
                "\"A\"",
                "null"
            })
    void bodyThatIsNoObjectIsInvalidJson(String body) {
        var own = client.orgs("").results().get(0).id();
        for (var answer :
                List.of(client.sendText("PATCH", "/orgs/" + own, body), client.sendText("POST", "/orgs", body))) {
            assertThat(error(answer, 400).errorCode()).isEqualTo("INVALID_JSON");
        }
    }

    @Test
    void newOrganisationIsAChildOfTheCallersWithItsCountryAndZoneAndNoKey() {
        // Given
        var body = PartnerClient.body("German partner");
        body.put("country", "DE");
        body.put("division_timezone", "Europe/Berlin");
        body.put("is_partner", true);
        var german = partner.create(body);

        // When
        var created = CloudManagerClient.of(PartnerClient.of(german)).create("Child");

        // Then
        var stored = Stored.organisation(created.id());
        assertThat(stored.getObjectId("parent").toHexString()).isEqualTo(german.id());
        assertThat(stored.getString("country")).isEqualTo("DE");
        assertThat(stored.get("division", Document.class).getString("timezone")).isEqualTo("Europe/Berlin");
        assertThat(stored.getBoolean("partner", false)).isFalse();
        assertThat(Objects.requireNonNull(Stored.tree(created.id()).get("api_keys")))
                .isEmpty();
        assertThat(created.isDeleted()).isFalse();
        assertThat(PartnerClient.of(german).get(created.id()).partner()).isFalse();
    }

    @Test
    void organisationAtTheLastDepthHasNoChild() {
        var deepest = partner;
        for (var depth = 2; depth <= 16; depth++) {
            deepest = PartnerClient.of(deepest.createPartner("Depth " + depth));
        }

        var answer = CloudManagerClient.of(deepest).send("POST", "/orgs", Map.of("name", "Too deep"));

        assertThat(error(answer, 409).errorCode()).isEqualTo("DEPTH_EXCEEDED");
    }

    @Test
    void deletingTakesAlongWhatLiesBeneathAndItsKeysAtOnce() {
        var tree = PartnerTree.beneath(partner, "Tree");
        var inner = CloudManagerClient.of(tree.client());
        inner.orgs("");

        client.delete(tree.id());

        assertThat(inner.send("GET", "/orgs").status()).isEqualTo(401);
        for (var gone : List.of(tree.id(), tree.child().id(), tree.grandchild().id())) {
            var error = error(client.send("GET", "/orgs/" + gone), 404);
            assertThat(error.parameters()).containsExactly(gone);
        }
        var deleted = client.orgs("?includeDeletedOrgs=true").results().stream()
                .filter(Org::isDeleted)
                .toList();
        assertThat(deleted).hasSize(5);
    }

    @Test
    void secondDeleteFindsNothing() {
        var id = client.create("A").id();
        client.delete(id);

        var error = error(client.send("DELETE", "/orgs/" + id), 404);

        assertThat(error)
                .isEqualTo(new CloudManagerClient.ApiError(
                        "No organization with ID " + id + " exists.", 404, "ORG_NOT_FOUND", List.of(id), "Not Found"));
    }

    @Test
    void nobodyDeletesItsOwnOrganisation() {
        var own = client.orgs("").results().get(0).id();

        assertThat(error(client.send("DELETE", "/orgs/" + own), 403).errorCode())
                .isEqualTo("USER_UNAUTHORIZED");
        assertThat(client.org(own).isDeleted()).isFalse();
    }

    @Test
    void rootIsNeverDeleted() {
        var root = CloudManagerClient.of(PartnerClient.root());
        var id = root.orgs("?itemsPerPage=1").results().get(0).id();

        assertThat(error(root.send("DELETE", "/orgs/" + id), 403).errorCode()).isEqualTo("USER_UNAUTHORIZED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/groups", "/orgs/{id}/groups", "/orgs/{id}/teams", "/orgs/{id}/users"})
    void whatThereIsNoneOfIsAnEmptyList(String path) {
        var target = path.replace("{id}", client.create("A").id());

        var page = CloudManagerClient.page(client.send("GET", target), Org.class);

        assertThat(page).isEqualTo(new Page<>(List.of(new Link(url(target), "self")), List.of(), 0L));
        assertThat(client.send("GET", target + "?includeCount=false").json().has("totalCount"))
                .isFalse();
        assertThat(error(client.send("GET", target + "?itemsPerPage=501"), 400).errorCode())
                .isEqualTo("INVALID_QUERY_PARAMETER");
        assertThat(CloudManagerClient.page(client.send("GET", target + "?pageNum=2"), Org.class)
                        .rels())
                .containsExactly("self");
    }

    @Test
    void invitationsAreABareEmptyArray() {
        var id = client.create("A").id();

        assertThat(client.send("GET", "/orgs/" + id + "/invites").body()).isEqualTo("[]");
        assertThat(client.send("GET", "/orgs/" + id + "/invites?envelope=true").json())
                .isEqualTo(Http.json("{\"status\":200,\"content\":[]}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/"})
    void rootDocumentSaysWhatAnswers(String path) {
        var root = client.send("GET", path);

        assertThat(root.status()).isEqualTo(200);
        assertThat(root.json().fieldNames()).toIterable().containsExactly("appName", "build", "links", "throttling");
        assertThat(root.json().get("appName").textValue()).isEqualTo("Offshoot");
        assertThat(root.json().get("build").textValue()).matches("[0-9a-f]{40}");
        assertThat(hrefs(root.json())).containsExactly(url(""));
        assertThat(root.json().get("throttling").booleanValue()).isFalse();
    }

    /** Walks from the first page to the last by its links, and back. */
    private List<String> walk(String path, @Nullable Integer total) {
        var pages = new ArrayList<Page<Org>>();
        for (var next = url(path);
                next != null;
                next = pages.get(pages.size() - 1).link("next")) {
            var page = at(next);
            assertThat(page.totalCount()).isEqualTo(total == null ? null : (Long) total.longValue());
            pages.add(page);
        }
        for (var i = pages.size() - 1; i > 0; i--) {
            var previous = Objects.requireNonNull(pages.get(i).link("previous"));
            assertThat(at(previous).results()).isEqualTo(pages.get(i - 1).results());
        }
        assertThat(pages.get(0).rels()).doesNotContain("previous");
        return pages.stream().flatMap(page -> ids(page).stream()).toList();
    }

    private Page<Org> at(String url) {
        return client.orgs(url.substring(url("/orgs").length()));
    }

    /** The caller's own organisation and that many children. */
    private List<String> family(int children) {
        var ids = new ArrayList<>(ids(client.orgs("")));
        IntStream.range(0, children)
                .forEach(i -> ids.add(client.create("Child " + i).id()));
        return ids;
    }

    private JsonNode as(String host, String path) throws IOException {
        try (var wire = Wire.open()) {
            wire.head(
                    "GET " + PATH + path + " HTTP/1.1",
                    "Host: " + host,
                    "Authorization: " + client.authorization("GET", PATH + path));
            var answer = wire.read();
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            return answer.json();
        }
    }

    private static void assertContractsHeaders(Answer answer) {
        assertThat(answer.headers().allValues("X-MongoDB-Service-Version"))
                .singleElement()
                .asString()
                .matches("gitHash=[0-9a-f]{40}; versionString=v20[0-9]{6}");
        assertThat(answer.headers().allValues("Vary")).containsExactly("Accept-Encoding");
        assertThat(answer.headers().allValues("Content-Type"))
                .singleElement()
                .isIn("application/json", "application/json;charset=UTF-8");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    private static String url(String path) {
        return Http.base() + PATH + path;
    }

    private static List<String> ids(Page<Org> page) {
        return page.results().stream().map(Org::id).toList();
    }

    private static List<String> hrefs(JsonNode answer) {
        return answer.findValuesAsText("href");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
