package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.CloudManagerClient.PATH;
import static dev.offshoot.testing.CloudManagerClient.error;
import static dev.offshoot.testing.CloudManagerClient.keyPath;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.api.http.Incoming;
import dev.offshoot.api.http.RequestId;
import dev.offshoot.failure.Failure;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.CloudManagerClient.ApiError;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error, from the API or the service beneath it: this API's shape, and the first failure in the order of checks. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class CloudManagerErrorsTest {
    private static final String UNKNOWN_ID = "0123456789abcdef01234567";
    private static final int LIMIT = 64 * 1024;

    @Inject
    CloudManagerAdapter adapter;

    private final PartnerClient partner = PartnerClient.newPartner();
    private final CloudManagerClient client = CloudManagerClient.of(partner);
    private final CloudManagerClient nobody = CloudManagerClient.with(null);
    private final String own = client.orgs("").results().get(0).id();

    @Test
    void organisationThatIsNotThere() {
        assertThat(client.send("GET", "/orgs/" + UNKNOWN_ID).body())
                .isEqualTo("{\"detail\":\"No organization with ID " + UNKNOWN_ID + " exists.\",\"error\":404,"
                        + "\"errorCode\":\"ORG_NOT_FOUND\",\"parameters\":[\"" + UNKNOWN_ID
                        + "\"],\"reason\":\"Not Found\"}");
    }

    @Test
    void organisationThatIsNotThereIsReportedAlikeByEveryCall() {
        var key = client.mint(own, "A", "ORG_OWNER").id();
        var expected = error(client.send("GET", "/orgs/" + UNKNOWN_ID), 404);
        var name = Map.of("name", "A");
        var newKey = Map.of("desc", "A", "roles", List.of("ORG_OWNER"));
        var invitation = CloudManagerClient.invitationBody("a@b", "ORG_OWNER");
        for (var answer : List.of(
                client.send("PATCH", "/orgs/" + UNKNOWN_ID, name),
                client.send("DELETE", "/orgs/" + UNKNOWN_ID),
                client.send("GET", "/orgs/" + UNKNOWN_ID + "/groups"),
                client.send("GET", "/orgs/" + UNKNOWN_ID + "/teams"),
                client.send("GET", "/orgs/" + UNKNOWN_ID + "/users"),
                client.send("GET", "/orgs/" + UNKNOWN_ID + "/invites"),
                client.send("POST", "/orgs/" + UNKNOWN_ID + "/invites", invitation),
                client.send("PATCH", "/orgs/" + UNKNOWN_ID + "/invites", invitation),
                client.send("GET", "/orgs/" + UNKNOWN_ID + "/invites/" + UNKNOWN_ID),
                client.send("PATCH", "/orgs/" + UNKNOWN_ID + "/invites/" + UNKNOWN_ID, invitation),
                client.send("DELETE", "/orgs/" + UNKNOWN_ID + "/invites/" + UNKNOWN_ID),
                client.send("GET", "/orgs/" + UNKNOWN_ID + "/apiKeys"),
                client.send("POST", "/orgs/" + UNKNOWN_ID + "/apiKeys", newKey),
                client.send("GET", keyPath(UNKNOWN_ID, key)),
                client.send("PATCH", keyPath(UNKNOWN_ID, key), Map.of("desc", "B")),
                client.send("DELETE", keyPath(UNKNOWN_ID, key)),
                client.send("GET", keyPath(UNKNOWN_ID, key) + "/accessList"),
                client.send("POST", keyPath(UNKNOWN_ID, key) + "/accessList", CloudManagerClient.entries("::1")),
                client.send("GET", keyPath(UNKNOWN_ID, key) + "/accessList/::1"),
                client.send("DELETE", keyPath(UNKNOWN_ID, key) + "/accessList/::1"))) {
            assertThat(error(answer, 404)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "not-an-id, not-an-id",
        "0123456789ABCDEF01234567, 0123456789ABCDEF01234567",
        "a+b, a+b",
        "%C3%84%2F%22, Ä/\"",
        "%3Cscript%3E, <script>",
        "000000000000000000000000, 000000000000000000000000"
    })
    void malformedIdIsNamedAsItWasMeant(String sent, String named) {
        var error = error(client.send("GET", "/orgs/" + sent), 404);

        assertThat(error)
                .isEqualTo(new ApiError(
                        "No organization with ID " + named + " exists.",
                        404,
                        "ORG_NOT_FOUND",
                        List.of(named),
                        "Not Found"));
    }

    @Test
    void keyAndEntryThatAreNotThere() {
        var key = client.mint(own, "A", "ORG_OWNER").id();

        assertThat(error(client.send("GET", keyPath(own, "0123456789ab")), 404))
                .isEqualTo(new ApiError(
                        "No API key with ID 0123456789ab exists.",
                        404,
                        "API_KEY_NOT_FOUND",
                        List.of("0123456789ab"),
                        "Not Found"));
        assertThat(error(client.send("GET", keyPath(own, key) + "/accessList/192.0.2.0%2F24"), 404))
                .isEqualTo(new ApiError(
                        "No access list entry 192.0.2.0/24 exists.",
                        404,
                        "ACCESS_LIST_NOT_FOUND",
                        List.of("192.0.2.0/24"),
                        "Not Found"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/unknown",
                "/org",
                "/Orgs",
                "//orgs",
                "/orgs/" + UNKNOWN_ID + "/unknown",
                "/orgs/" + UNKNOWN_ID + "/groups/x",
                "/orgs//groups",
                "/orgs/" + UNKNOWN_ID + "/apiKeys/x/accessList/a/b/c",
                "/orgs/" + UNKNOWN_ID + "/apiKeys/x/whitelist",
                "/groups/" + UNKNOWN_ID,
                "/users",
                "/../v1.0/orgs",
                "/orgs;x=1",
                "/%6Frgs/x/y/z"
            })
    void unknownPathIsNotFoundWhateverTheMethod(String path) {
        for (var method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE")) {
            assertThat(error(client.send(method, path), 404))
                    .isEqualTo(new ApiError(
                            "Cannot find resource " + PATH + path + ".",
                            404,
                            "RESOURCE_NOT_FOUND",
                            List.of(PATH + path),
                            "Not Found"));
            assertThat(error(nobody.send(method, path), 401).errorCode()).isEqualTo("NO_CURRENT_USER");
        }
    }

    /** What newer tools of the vendor ask for gets a challenge and an error that they can read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/atlas/v2",
                "/api/atlas/v2/orgs",
                "/api/atlas/v2/groups/x/clusters?pretty=true",
                "/api/oauth",
                "/api/oauth/token"
            })
    void pathsOfNewerToolsAreOfThisApi(String target) {
        for (var method : List.of("GET", "POST", "DELETE")) {
            var challenged = Http.request(client.base(), method, target).send();
            assertThat(error(challenged, 401).errorCode()).isEqualTo("NO_CURRENT_USER");
            assertThat(challenged.headers().allValues("WWW-Authenticate"))
                    .singleElement()
                    .asString()
                    .startsWith("Digest ");

            var answered = Http.request(client.base(), method, target)
                    .header("Authorization", client.authorization(method, target))
                    .send();
            var path = target.replaceFirst("\\?.*", "");
            var refusal = error(answered, 404);
            assertThat(refusal.errorCode()).isEqualTo("RESOURCE_NOT_FOUND");
            assertThat(refusal.parameters()).containsExactly(path);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/atlas/v20/orgs", "/api/atlas", "/api/oauths", "/api/private/orgs", "/API/oauth/token"})
    void pathsBesideThemAreThePartnerApis(String target) {
        var answer = Http.request(client.base(), "GET", target).send();

        assertThat(answer.headers().allValues("WWW-Authenticate")).isEmpty();
        assertThat(PartnerClient.error(answer, 401).code()).isEqualTo("unauthorised");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                        | GET, HEAD
            /orgs                     | GET, HEAD, POST
            /orgs/                    | GET, HEAD, POST
            /orgs/x                   | DELETE, GET, HEAD, PATCH
            /orgs/x/groups            | GET, HEAD
            /orgs/x/teams             | GET, HEAD
            /orgs/x/users             | GET, HEAD
            /orgs/x/invites           | GET, HEAD, PATCH, POST
            /orgs/x/invites/y         | DELETE, GET, HEAD, PATCH
            /groups                   | GET, HEAD
            /orgs/x/apiKeys           | GET, HEAD, POST
            /orgs/x/apiKeys/y         | DELETE, GET, HEAD, PATCH
            /orgs/x/apiKeys/y/accessList         | GET, HEAD, POST
            /orgs/x/apiKeys/y/accessList/::1     | DELETE, GET, HEAD
            /orgs/x/apiKeys/y/accessList/::1/128 | DELETE, GET, HEAD
            """)
    void methodThatAPathDoesNotHaveIsAnsweredWithThoseItHas(String path, String allowed) {
        for (var method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE")) {
            if (!Arrays.asList(allowed.split(", ")).contains(method)) {
                var answer = client.send(method, path);

                assertThat(error(answer, 405))
                        .isEqualTo(new ApiError(
                                "The resource does not support this method.",
                                405,
                                "METHOD_NOT_ALLOWED",
                                List.of(),
                                "Method Not Allowed"));
                assertThat(answer.headers().allValues("Allow")).containsExactly(allowed);
                assertThat(nobody.send(method, path).status()).isEqualTo(401);
            }
        }
    }

    @Test
    void optionsIsNoWayAroundTheKeyAndGrantsNothingToOtherOrigins() {
        var preflight = nobody.keyed("OPTIONS", "/orgs")
                .header("Origin", "https://elsewhere.example")
                .header("Access-Control-Request-Method", "POST")
                .send();
        var allowed = client.keyed("GET", "/orgs")
                .header("Origin", "https://elsewhere.example")
                .send();

        assertThat(error(preflight, 401).errorCode()).isEqualTo("NO_CURRENT_USER");
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.headers().map()).doesNotContainKey("access-control-allow-origin");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json         | 200
            application/*            | 200
            */*                      | 200
            text/html, */*;q=0.1     | 200
            text/html                | 406
            application/xml          | 406
            image/png, text/plain    | 406
            """)
    void onlyJsonIsProduced(String accept, int status) {
        for (var path : List.of("", "/orgs", "/orgs/" + own, "/groups", "/orgs/" + own + "/apiKeys")) {
            var answer = client.keyed("GET", path).header("Accept", accept).send();

            assertThat(answer.status()).as(path).isEqualTo(status);
            if (status == 406) {
                assertThat(error(answer, 406))
                        .isEqualTo(new ApiError(
                                "Only application/json can be produced.",
                                406,
                                "NOT_ACCEPTABLE",
                                List.of(),
                                "Not Acceptable"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "nonsense"
            })
    void bodyOfAnotherTypeIsRefused(String type) {
        var answer = client.keyed("PATCH", "/orgs/" + own)
                .header("Content-Type", type)
                .body("{\"name\":\"A\"}")
                .send();

        assertThat(error(answer, 415))
                .isEqualTo(new ApiError(
                        "The body must be declared as application/json in UTF-8.",
                        415,
                        "UNSUPPORTED_MEDIA_TYPE",
                        List.of(),
                        "Unsupported Media Type"));
    }

    @Test
    void bodyOfNoTypeIsRefusedAndTypeWithoutBodyIsNot() {
        var untyped = client.keyed("POST", "/orgs").body("{\"name\":\"A\"}").send();
        var bodiless = client.keyed("GET", "/orgs")
                .header("Content-Type", "text/plain")
                .send();

        assertThat(error(untyped, 415).errorCode()).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
        assertThat(bodiless.status()).isEqualTo(200);
    }

    @Test
    void bodyThatIsTooLongIsRefused() {
        var name = "{\"name\":\"A\"}";

        assertThat(client.sendText("PATCH", "/orgs/" + own, name + " ".repeat(LIMIT - name.length()))
                        .status())
                .isEqualTo(200);
        assertThat(error(client.sendText("PATCH", "/orgs/" + own, name + " ".repeat(LIMIT)), 413))
                .isEqualTo(new ApiError(
                        "The body is too long.", 413, "PAYLOAD_TOO_LARGE", List.of(), "Payload Too Large"));
    }

    @Test
    void credentialsAreAskedForInAShortAnswer() {
        var answer = nobody.send("POST", "/orgs", Map.of("name", "A"));

        assertThat(error(answer, 401))
                .isEqualTo(new ApiError("No current user.", 401, "NO_CURRENT_USER", List.of(), "Unauthorized"));
        assertThat(answer.body()).hasSizeLessThan(2048);
        assertThat(answer.headers().allValues("WWW-Authenticate")).hasSize(1);
    }

    @Test
    void whatARoleDoesNotAllowIsForbidden() {
        var reader = CloudManagerClient.with(
                client.mint(own, "Reader", "ORG_READ_ONLY").privateKey());

        assertThat(error(reader.send("POST", "/orgs", Map.of("name", "A")), 403))
                .isEqualTo(new ApiError(
                        "Current user is not authorized to perform this action.",
                        403,
                        "USER_UNAUTHORIZED",
                        List.of(),
                        "Forbidden"));
    }

    @Test
    void onlyTheFirstOfSeveralFailuresIsReported() {
        var error = error(client.sendText("POST", "/orgs/" + own + "/apiKeys", "{\"roles\":1}"), 400);

        assertThat(error)
                .isEqualTo(new ApiError(
                        "The required attribute desc was not specified.",
                        400,
                        "MISSING_ATTRIBUTE",
                        List.of("desc"),
                        "Bad Request"));
    }

    /** In each row the first failure is the one that is reported; the request has the following ones too. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            key    | method | path                        | type             | accept    | body      | status | code
            none   | PATCH  | /unknown                    | text/plain       | text/html | malformed | 401    | NO_CURRENT_USER
            none   | PUT    | /orgs?pageNum=0             | text/plain       | text/html | too long  | 401    | NO_CURRENT_USER
            none   | PATCH  | /orgs/malformed             | text/plain       | text/html | too long  | 401    | NO_CURRENT_USER
            reader | POST   | /orgs?pretty=x              | text/plain       | text/html | too long  | 403    | USER_UNAUTHORIZED
            reader | PATCH  | /orgs/malformed?pretty=x    | text/plain       | text/html | too long  | 403    | USER_UNAUTHORIZED
            reader | PATCH  | /unknown                    | text/plain       | text/html | too long  | 404    | RESOURCE_NOT_FOUND
            owner  | PATCH  | /unknown?pretty=x           | text/plain       | text/html | too long  | 404    | RESOURCE_NOT_FOUND
            owner  | PUT    | /orgs?pretty=x              | text/plain       | text/html | too long  | 405    | METHOD_NOT_ALLOWED
            owner  | PATCH  | /orgs/malformed?pretty=x    | text/plain       | */*       | too long  | 415    | UNSUPPORTED_MEDIA_TYPE
            owner  | PATCH  | /orgs/malformed?pretty=x    | application/json | text/html | too long  | 406    | NOT_ACCEPTABLE
            owner  | PATCH  | /orgs/malformed?pretty=x    | application/json | */*       | too long  | 413    | PAYLOAD_TOO_LARGE
            owner  | PATCH  | /orgs/malformed?pretty=x    | application/json | */*       | malformed | 400    | INVALID_QUERY_PARAMETER
            owner  | PATCH  | /orgs/malformed             | application/json | */*       | malformed | 400    | INVALID_JSON
            owner  | PATCH  | /orgs/malformed             | application/json | */*       | invalid   | 400    | INVALID_ATTRIBUTE
            owner  | PATCH  | /orgs/malformed             | application/json | */*       | valid     | 404    | ORG_NOT_FOUND
            """)
    void firstFailureInTheOrderOfChecksIsReported(
            String key, String method, String path, String type, String accept, String body, int status, String code) {
        var content =
                switch (body) {
                    case "malformed" -> "{";
                    case "invalid" -> "{\"name\":1}";
                    case "too long" -> " ".repeat(LIMIT + 1);
                    default -> "{\"name\":\"A\"}";
                };
        var caller =
                switch (key) {
                    case "none" -> nobody;
                    case "reader" ->
                        CloudManagerClient.with(
                                client.mint(own, "Reader", "ORG_READ_ONLY").privateKey());
                    default ->
                        CloudManagerClient.with(
                                client.mint(own, "Owner", "ORG_OWNER").privateKey());
                };

        var answer = caller.keyed(method, path)
                .header("Content-Type", type)
                .header("Accept", accept)
                .body(content)
                .send();

        assertThat(error(answer, status).errorCode()).isEqualTo(code);
    }

    @Test
    void everyAnswerHasARequestIdAndIsNotCached() {
        for (var answer : List.of(
                nobody.send("GET", "/orgs"),
                client.send("GET", "/orgs"),
                client.send("GET", "/unknown"),
                client.send("PUT", "/orgs"),
                client.sendText("POST", "/orgs", "{"),
                client.send("GET", "/orgs?pageNum=0"),
                client.send("DELETE", "/orgs/" + own))) {
            assertThat(answer.headers().allValues("X-Request-Id")).hasSize(1);
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/orgs",
                "/orgs?pretty=true&envelope=true",
                "/orgs?pageNum=0",
                "/orgs/{id}",
                "/orgs/" + UNKNOWN_ID,
                "/orgs/{id}/users",
                "/orgs/{id}/invites",
                "/orgs/{id}/apiKeys",
                "/unknown"
            })
    void headHasTheHeadersOfGetAndNoBody(String path) {
        var target = path.replace("{id}", own);
        for (var caller : List.of(client, nobody)) {
            var head =
                    caller.keyed("HEAD", target).header("X-Request-Id", "same").send();
            var get = caller.keyed("GET", target).header("X-Request-Id", "same").send();

            assertThat(head.status()).isEqualTo(get.status());
            assertThat(headers(head)).isEqualTo(headers(get));
            assertThat(head.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "//"})
    void trailingSlashesMakeNoDifference(String slashes) {
        var child = client.create("Child").id();
        var key = client.mint(own, "A", "ORG_OWNER").id();
        client.allow(own, key, "192.0.2.1", "192.0.2.0/24");
        var invitation = client.invite(own, "a@b", "ORG_OWNER").id();

        for (var path : List.of(
                "",
                "/orgs",
                "/orgs/" + own,
                "/orgs/" + own + "/groups",
                "/orgs/" + own + "/teams",
                "/orgs/" + own + "/users",
                "/orgs/" + own + "/invites",
                "/orgs/" + own + "/invites/" + invitation,
                "/groups",
                "/orgs/" + own + "/apiKeys",
                keyPath(own, key),
                keyPath(own, key) + "/accessList",
                keyPath(own, key) + "/accessList/192.0.2.1",
                keyPath(own, key) + "/accessList/192.0.2.0/24",
                keyPath(own, key) + "/accessList/192.0.2.0%2F24")) {
            assertThat(client.send("GET", path + slashes).status()).as(path).isEqualTo(200);
            assertThat(client.send("GET", path + slashes + "?pretty=true").status())
                    .as(path)
                    .isEqualTo(200);
        }
        assertThat(client.send("POST", "/orgs" + slashes, Map.of("name", "A")).status())
                .isEqualTo(200);
        assertThat(client.send("PATCH", "/orgs/" + child + slashes, Map.of("name", "B"))
                        .status())
                .isEqualTo(200);
        assertThat(client.send("DELETE", "/orgs/" + child + slashes).status()).isEqualTo(204);
        assertThat(client.send("DELETE", keyPath(own, key) + "/accessList/192.0.2.0/24" + slashes)
                        .status())
                .isEqualTo(204);
        assertThat(client.send("DELETE", keyPath(own, key) + slashes).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "tools.example:x", "/", "[::1"})
    void malformedHostIsRefusedInThisApisShape(String host) throws IOException {
        try (var wire = Wire.open()) {
            var answer =
                    wire.head("GET " + PATH + "/orgs HTTP/1.1", "Host: " + host).read();

            assertThat(error(answer, 400))
                    .isEqualTo(new ApiError(
                            "The request line or a header of it is malformed.",
                            400,
                            "INVALID_ATTRIBUTE",
                            List.of(),
                            "Bad Request"));
        }
    }

    /** What no request of a test can bring about. */
    @Test
    void overloadAndInternalErrorsHaveThisApisShape() {
        assertThat(spec(new Failure.Unavailable(Failure.Unavailable.Cause.STARTING, 7)))
                .isEqualTo(new CloudManagerError(
                        "The service cannot answer now; try again later.",
                        503,
                        "SERVICE_UNAVAILABLE",
                        List.of(),
                        "Service Unavailable"));
        assertThat(spec(new Failure.Internal()))
                .isEqualTo(new CloudManagerError(
                        "An unexpected error occurred.", 500, "UNEXPECTED_ERROR", List.of(), "Internal Server Error"));
    }

    private static final Incoming REQUEST = new Incoming(
            new RequestId("1"),
            (HttpServerRequest) Proxy.newProxyInstance(
                    CloudManagerErrorsTest.class.getClassLoader(),
                    new Class<?>[] {HttpServerRequest.class},
                    (proxy, method, arguments) -> MultiMap.caseInsensitiveMultiMap()),
            "/",
            Optional.of(InetAddress.getLoopbackAddress()),
            "http://localhost",
            "");

    private CloudManagerError spec(Failure failure) {
        return Errors.of(failure, REQUEST);
    }

    private static Map<String, List<String>> headers(Answer answer) {
        var headers = new TreeMap<>(answer.headers().map());
        headers.remove("date");
        headers.computeIfPresent("www-authenticate", (name, challenges) -> challenges.stream()
                .map(challenge -> challenge.replaceFirst("nonce=\"[0-9a-f]+\"", ""))
                .toList());
        return headers;
    }
}
