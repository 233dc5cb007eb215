package dev.offshoot.api.cloudmanager;

import static dev.offshoot.testing.CloudManagerClient.entries;
import static dev.offshoot.testing.CloudManagerClient.error;
import static dev.offshoot.testing.CloudManagerClient.keyPath;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.offshoot.apikey.KeyUses;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.CloudManagerClient.Entry;
import dev.offshoot.testing.CloudManagerClient.Page;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.Request;
import dev.offshoot.testing.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a key may be used from: what is listed, and that it is obeyed. The tests call from 127.0.0.1. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class AccessListTest {
    private static final String HERE = "127.0.0.1/32";
    private static final String AROUND_HERE = "127.0.0.0/8";
    private static final String ELSEWHERE = "192.0.2.0/24";

    @Inject
    KeyUses uses;

    private final PartnerClient partner = PartnerClient.newPartner();
    private final CloudManagerClient client = CloudManagerClient.of(partner);
    private final String own = client.orgs("").results().get(0).id();
    private final CloudManagerClient holder =
            CloudManagerClient.with(client.mint(own, "KeyTarget", "ORG_OWNER").privateKey());
    private final String key = holder.keyId();

    @Test
    void newKeyHasAnEmptyList() {
        var list = client.accessList(own, key, "");

        assertThat(list.results()).isEmpty();
        assertThat(list.totalCount()).isZero();
        assertThat(list.link("self")).isEqualTo(url(""));
    }

    @Test
    void addedEntriesAreAnsweredInTheOrderTheyWereAdded() {
        client.allow(own, key, "198.51.100.7");
        var list = client.allow(own, key, "203.0.113.0/24", "2001:db8::/32");

        assertThat(ranges(list)).containsExactly("198.51.100.7/32", "203.0.113.0/24", "2001:db8::/32");
        assertThat(list).isEqualTo(client.accessList(own, key, ""));
        assertThat(list.results().get(0)).satisfies(entry -> {
            assertThat(entry.ipAddress()).isEqualTo("198.51.100.7");
            assertThat(entry.count()).isZero();
            assertThat(entry.created()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
            assertThat(entry.lastUsed()).isNull();
            assertThat(entry.lastUsedAddress()).isNull();
            assertThat(entry.links()).containsExactly(new CloudManagerClient.Link(url("/198.51.100.7"), "self"));
        });
        assertThat(list.results().get(1)).satisfies(entry -> {
            assertThat(entry.ipAddress()).isNull();
            assertThat(entry.links()).containsExactly(new CloudManagerClient.Link(url("/203.0.113.0%2F24"), "self"));
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "192.0.2.1, 192.0.2.1/32",
        "192.0.2.1/32, 192.0.2.1/32",
        "192.0.2.200/24, 192.0.2.0/24",
        "192.0.2.1/31, 192.0.2.0/31",
        "0.0.0.0/0, 0.0.0.0/0",
        "255.255.255.255/1, 128.0.0.0/1",
        "2001:db8::1, 2001:db8::1/128",
        "2001:0DB8:0:0:0:0:0:1, 2001:db8::1/128",
        "2001:db8:ffff::1/33, 2001:db8:8000::/33",
        "::/0, ::/0",
        "::1, ::1/128",
        "::ffff:192.0.2.1, 192.0.2.1/32",
        "::ffff:198.51.100.0/120, 198.51.100.0/24",
        "::ffff:0.0.0.0/96, 0.0.0.0/0",
        "::203.0.113.9, ::cb00:7109/128"
    })
    void entriesAreNormalisedAndFoundByEverySpelling(String sent, String stored) {
        assertThat(ranges(client.allow(own, key, sent))).containsExactly(stored);

        var path = keyPath(own, key) + "/accessList/";
        for (var spelling : List.of(stored, stored.replace("/", "%2F"), sent, sent.replace("/", "%2f"))) {
            for (var slashes : List.of("", "/")) {
                var entry = CloudManagerClient.read(client.send("GET", path + spelling + slashes), 200, Entry.class);
                assertThat(entry.cidrBlock()).isEqualTo(stored);
            }
        }
    }

    @Test
    void entryIsReachedByItsOwnLink() {
        for (var entry : client.allow(own, key, "198.51.100.7", "203.0.113.0/24", "2001:db8::/32")
                .results()) {
            var href = entry.links().get(0).href();
            var path = href.substring((Http.base() + CloudManagerClient.PATH).length());
            assertThat(CloudManagerClient.read(client.send("GET", path), 200, Entry.class))
                    .isEqualTo(entry);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.1",
                "192.0.2.0/24",
                "192.0.2.0%2F24",
                "2001:db8::1",
                "2001:db8::/32",
                "2001:db8::%2F32",
                "2001:db8::%2F32/"
            })
    void entryIsRemovedAndThenNotThere(String address) {
        client.allow(own, key, address.replace("%2F", "/").replaceAll("/$", ""), "203.0.113.9");
        var path = keyPath(own, key) + "/accessList/" + address;

        assertThat(client.send("DELETE", path).status()).isEqualTo(204);

        assertThat(ranges(client.accessList(own, key, ""))).containsExactly("203.0.113.9/32");
        for (var method : List.of("GET", "DELETE")) {
            var error = error(client.send(method, path), 404);
            assertThat(error.errorCode()).isEqualTo("ACCESS_LIST_NOT_FOUND");
            assertThat(error.parameters())
                    .containsExactly(address.replace("%2F", "/").replaceAll("/$", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "192.0.2.0%2F25", "192.0.2.0/24/", "malformed", "a/b", "192.0.2.0/33", "%20"})
    void whatIsNotListedIsNotThere(String address) {
        client.allow(own, key, "203.0.113.9");

        assertThat(error(client.send("GET", keyPath(own, key) + "/accessList/" + address), 404)
                        .errorCode())
                .isEqualTo("ACCESS_LIST_NOT_FOUND");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            [{"ipAddress":"192.0.2.256"}]           | INVALID_ATTRIBUTE | accessList[0].ipAddress
            [{"ipAddress":"192.0.2"}]               | INVALID_ATTRIBUTE | accessList[0].ipAddress
            [{"ipAddress":"192.0.2.010"}]           | INVALID_ATTRIBUTE | accessList[0].ipAddress
            [{"ipAddress":"192.0.2.1/32"}]          | INVALID_ATTRIBUTE | accessList[0].ipAddress
            [{"ipAddress":"localhost"}]             | INVALID_ATTRIBUTE | accessList[0].ipAddress
            [{"ipAddress":""}]                      | INVALID_ATTRIBUTE | accessList[0].ipAddress
            [{"ipAddress":" 192.0.2.1"}]            | INVALID_ATTRIBUTE | accessList[0].ipAddress
            [{"ipAddress":"fe80::1%eth0"}]          | INVALID_ATTRIBUTE | accessList[0].ipAddress
            [{"ipAddress":"[::1]"}]                 | INVALID_ATTRIBUTE | accessList[0].ipAddress
            [{"ipAddress":":::1"}]                  | INVALID_ATTRIBUTE | accessList[0].ipAddress
            [{"ipAddress":1}]                       | INVALID_ATTRIBUTE | accessList[0].ipAddress
            [{"cidrBlock":"192.0.2.0/33"}]          | INVALID_ATTRIBUTE | accessList[0].cidrBlock
            [{"cidrBlock":"192.0.2.0/-1"}]          | INVALID_ATTRIBUTE | accessList[0].cidrBlock
            [{"cidrBlock":"192.0.2.0/024"}]         | INVALID_ATTRIBUTE | accessList[0].cidrBlock
            [{"cidrBlock":"192.0.2.0/"}]            | INVALID_ATTRIBUTE | accessList[0].cidrBlock
            [{"cidrBlock":"2001:db8::/129"}]        | INVALID_ATTRIBUTE | accessList[0].cidrBlock
            [{"cidrBlock":"2001:db8::/999"}]        | INVALID_ATTRIBUTE | accessList[0].cidrBlock
            [{"cidrBlock":"203.0.113.7/0"}]         | INVALID_ATTRIBUTE | accessList[0].cidrBlock
            [{"cidrBlock":"::1/0"}]                 | INVALID_ATTRIBUTE | accessList[0].cidrBlock
            [{"cidrBlock":"::ffff:1.2.3.0/95"}]     | INVALID_ATTRIBUTE | accessList[0].cidrBlock
            [{"ipAddress":"192.0.2.1"},{}]          | MISSING_ATTRIBUTE | accessList[1].ipAddress
            [{"ipAddress":null}]                    | MISSING_ATTRIBUTE | accessList[0].ipAddress
            [[]]                                    | INVALID_ATTRIBUTE | accessList[0]
            ["192.0.2.1"]                           | INVALID_ATTRIBUTE | accessList[0]
            []                                      | INVALID_ATTRIBUTE | accessList
            """)
    void malformedEntryIsRefusedAndNothingAdded(String body, String code, String attribute) {
        var error = error(client.sendText("POST", keyPath(own, key) + "/accessList", body), 400);

        assertThat(error.errorCode()).isEqualTo(code);
        assertThat(error.parameters()).containsExactly(attribute);
        assertThat(client.accessList(own, key, "").results()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "{\"ipAddress\":\"192.0.2.1\"}", "null", "\"192.0.2.1\"", "[{}"})
    void bodyThatIsNoArrayIsInvalidJson(String body) {
        assertThat(error(client.sendText("POST", keyPath(own, key) + "/accessList", body), 400)
                        .errorCode())
                .isEqualTo("INVALID_JSON");
    }

    @Test
    void unknownAttributesOfEntriesAreIgnored() {
        var body = "[{\"ipAddress\":\"192.0.2.1\",\"comment\":\"The office\"}]";

        var list =
                CloudManagerClient.page(client.sendText("POST", keyPath(own, key) + "/accessList", body), Entry.class);

        assertThat(ranges(list)).containsExactly("192.0.2.1/32");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "192.0.2.1, 192.0.2.1/32",
        "192.0.2.0/24, 192.0.2.77/24",
        "2001:db8::1, 2001:0db8::0001/128",
        "198.51.100.0/24, ::ffff:198.51.100.0/120"
    })
    void sameAddressTwiceIsRefusedInTheInputAndOnTheList(String one, String other) {
        var path = keyPath(own, key) + "/accessList";

        assertThat(error(client.send("POST", path, entries("203.0.113.9", one, other)), 400)
                        .errorCode())
                .isEqualTo("DUPLICATE_ADDRESSES_IN_INPUT");
        assertThat(client.accessList(own, key, "").results()).isEmpty();

        var listed = client.allow(own, key, one).results().get(0).cidrBlock();
        var error = error(client.send("POST", path, entries("203.0.113.9", other)), 409);
        assertThat(error.errorCode()).isEqualTo("ADDRESS_ALREADY_IN_ACCESS_LIST");
        assertThat(error.parameters()).containsExactly(listed);
        assertThat(client.accessList(own, key, "").results()).hasSize(1);
    }

    @Test
    void addressIsAddedOnceHoweverManyAskAtTheSameTime() {
        var path = keyPath(own, key) + "/accessList";
        var body = "[{\"ipAddress\":\"192.0.2.1\"}]";

        var statuses = Concurrently.statuses(
                client.keyed("POST", path, body), client.keyed("POST", path, body), client.keyed("POST", path, body));

        assertThat(statuses).containsExactlyInAnyOrder(200, 409, 409);
        assertThat(client.accessList(own, key, "").results()).hasSize(1);
    }

    @Test
    void listHasNoMoreThanItMayHoweverManyAddToItAtTheSameTime() {
        for (var block : List.of("192.0.2.", "203.0.113.")) {
            client.allow(
                    own, key, IntStream.range(0, 99).mapToObj(i -> block + i).toArray(String[]::new));
        }
        var path = keyPath(own, key) + "/accessList";

        var statuses = Concurrently.statuses(IntStream.range(0, 4)
                .mapToObj(i -> client.keyed("POST", path, "[{\"ipAddress\":\"198.51.100." + i + "\"}]"))
                .toArray(Request[]::new));

        assertThat(statuses).containsExactlyInAnyOrder(200, 200, 400, 400);
        assertThat(client.accessList(own, key, "").totalCount()).isEqualTo(200);
    }

    @Test
    void listIsPaged() {
        client.allow(own, key, "192.0.2.1", "192.0.2.2", "192.0.2.3");

        var first = client.accessList(own, key, "?itemsPerPage=2");
        var second = client.accessList(own, key, "?itemsPerPage=2&pageNum=2");

        assertThat(ranges(first)).containsExactly("192.0.2.1/32", "192.0.2.2/32");
        assertThat(first.rels()).containsExactly("self", "next");
        assertThat(first.totalCount()).isEqualTo(3);
        assertThat(ranges(second)).containsExactly("192.0.2.3/32");
        assertThat(second.rels()).containsExactly("self", "previous");
        assertThat(client.accessList(own, key, "?includeCount=false").totalCount())
                .isNull();
        assertThat(client.accessList(own, key, "?pageNum=2147483647&itemsPerPage=500")
                        .results())
                .isEmpty();
    }

    @Test
    void keyIsRefusedEverywhereElseThanOnItsList() {
        client.allow(own, key, ELSEWHERE);

        var error = error(holder.send("GET", "/orgs"), 403);

        assertThat(error.errorCode()).isEqualTo("IP_ADDRESS_NOT_ON_ACCESS_LIST");
        assertThat(error.parameters()).containsExactly("127.0.0.1");
        assertThat(error(holder.send("PUT", "/unknown"), 403).errorCode()).isEqualTo("IP_ADDRESS_NOT_ON_ACCESS_LIST");
    }

    @ParameterizedTest
    @ValueSource(strings = {HERE, AROUND_HERE, "0.0.0.0/0"})
    void keyWorksFromItsList(String range) {
        client.allow(own, key, ELSEWHERE, range);

        assertThat(holder.org(own).id()).isEqualTo(own);
    }

    @Test
    void listOfTheOtherAddressFamilyLetsNobodyIn() {
        client.allow(own, key, "::/0");

        assertThat(holder.send("GET", "/orgs").status()).isEqualTo(403);
    }

    @Test
    void listCountsOnThePartnerApiToo() {
        var limited = Stored.otherKey(
                Objects.requireNonNull(partner.key()), Map.of("access_list", List.of(stored(ELSEWHERE))));
        var here = Stored.otherKey(
                Objects.requireNonNull(partner.key()), Map.of("access_list", List.of(stored(AROUND_HERE))));

        assertThat(PartnerClient.error(PartnerClient.with(limited).send("GET", "/organisations"), 401)
                        .code())
                .isEqualTo("unauthorised");
        assertThat(error(CloudManagerClient.with(limited).send("GET", "/orgs"), 403)
                        .errorCode())
                .isEqualTo("IP_ADDRESS_NOT_ON_ACCESS_LIST");
        assertThat(PartnerClient.with(here).list("").total()).isZero();
    }

    @Test
    void listChangesCountOnTheVeryNextRequest() {
        holder.org(own);
        client.allow(own, key, ELSEWHERE);
        assertThat(holder.send("GET", "/orgs").status()).isEqualTo(403);
        client.allow(own, key, HERE);
        assertThat(holder.send("GET", "/orgs").status()).isEqualTo(200);
        client.send("DELETE", keyPath(own, key) + "/accessList/127.0.0.1");
        assertThat(holder.send("GET", "/orgs").status()).isEqualTo(403);
        client.send("DELETE", keyPath(own, key) + "/accessList/" + ELSEWHERE);
        assertThat(holder.send("GET", "/orgs").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"X-Forwarded-For, 192.0.2.7", "Forwarded, for=192.0.2.7", "X-Real-IP, 192.0.2.7"})
    void forwardedAddressOfNoProxyIsNotBelieved(String header, String value) {
        client.allow(own, key, ELSEWHERE);

        var answer = holder.keyed("GET", "/orgs").header(header, value).send();

        assertThat(error(answer, 403).parameters()).containsExactly("127.0.0.1");
    }

    @Test
    void noKeyShutsItselfOutWithItsFirstEntry() {
        var error = error(holder.send("POST", keyPath(own, key) + "/accessList", entries(ELSEWHERE)), 409);

        assertThat(error.errorCode()).isEqualTo("CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST");
        assertThat(holder.accessList(own, key, "").results()).isEmpty();
        assertThat(ranges(holder.allow(own, key, ELSEWHERE, HERE))).containsExactly(ELSEWHERE, HERE);
        assertThat(ranges(holder.allow(own, key, "203.0.113.9"))).hasSize(3);
    }

    @Test
    void noKeyRemovesTheEntryThatAloneLetsItIn() {
        holder.allow(own, key, HERE, ELSEWHERE);

        var error = error(holder.send("DELETE", keyPath(own, key) + "/accessList/127.0.0.1"), 409);

        assertThat(error.errorCode()).isEqualTo("CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST");
        assertThat(ranges(holder.accessList(own, key, ""))).containsExactly(HERE, ELSEWHERE);
        assertThat(holder.send("DELETE", keyPath(own, key) + "/accessList/" + ELSEWHERE)
                        .status())
                .isEqualTo(204);
    }

    @Test
    void lastEntryIsRemovedForNoListShutsNobodyOut() {
        holder.allow(own, key, HERE);

        assertThat(holder.send("DELETE", keyPath(own, key) + "/accessList/127.0.0.1")
                        .status())
                .isEqualTo(204);
        assertThat(holder.accessList(own, key, "").results()).isEmpty();
    }

    @Test
    void removingBothEntriesThatLetTheCallerInAtTheSameTimeLeavesOne() {
        for (var round = 0; round < 8; round++) {
            var caller = CloudManagerClient.with(
                    client.mint(own, "Round", "ORG_OWNER").privateKey());
            var list = keyPath(own, caller.keyId()) + "/accessList";
            client.allow(own, caller.keyId(), HERE, AROUND_HERE, ELSEWHERE);

            var statuses = Concurrently.statuses(
                    caller.keyed("DELETE", list + "/127.0.0.1"), caller.keyed("DELETE", list + "/127.0.0.0%2F8"));

            assertThat(statuses).containsExactlyInAnyOrder(204, 409);
            assertThat(caller.accessList(own, caller.keyId(), "").results()).hasSize(2);
        }
    }

    @Test
    void removingTheLastEntryAndAddingOneFromElsewhereAtTheSameTimeDoesNotShutTheCallerOut() {
        for (var round = 0; round < 8; round++) {
            var caller = CloudManagerClient.with(
                    client.mint(own, "Round", "ORG_OWNER").privateKey());
            var list = keyPath(own, caller.keyId()) + "/accessList";
            caller.allow(own, caller.keyId(), HERE);

            var statuses = Concurrently.statuses(
                    caller.keyed("DELETE", list + "/127.0.0.1"),
                    caller.keyed("POST", list, "[{\"cidrBlock\":\"" + ELSEWHERE + "\"}]"));

            assertThat(statuses).contains(409).containsAnyOf(200, 204);
            assertThat(caller.send("GET", "/orgs").status()).isEqualTo(200);
        }
    }

    @Test
    void anotherKeyMayShutAKeyOut() {
        client.allow(own, key, HERE, ELSEWHERE);

        assertThat(client.send("DELETE", keyPath(own, key) + "/accessList/127.0.0.1")
                        .status())
                .isEqualTo(204);
        assertThat(holder.send("GET", "/orgs").status()).isEqualTo(403);
    }

    @Test
    void entryCountsItsUsesAndTellsTheLast() {
        client.allow(own, key, ELSEWHERE, AROUND_HERE);
        var before = Instant.now();
        holder.org(own);
        holder.orgs("");
        holder.send("GET", "/orgs/unknown");
        uses.flush().await().atMost(Duration.ofSeconds(10));
        holder.rename(own, "Renamed");
        uses.flush().await().atMost(Duration.ofSeconds(10));
        uses.flush().await().atMost(Duration.ofSeconds(10));

        var entries = client.accessList(own, key, "").results();

        assertThat(entries.get(0).count()).isZero();
        assertThat(entries.get(0).lastUsed()).isNull();
        var used = entries.get(1);
        assertThat(used.count()).isEqualTo(4);
        assertThat(Objects.requireNonNull(used.lastUsed()))
                .isBetween(before.truncatedTo(ChronoUnit.MILLIS), Instant.now());
        assertThat(used.lastUsedAddress()).isEqualTo("127.0.0.1");
        assertThat(used.created()).isBefore(used.lastUsed());
    }

    @Test
    void refusedUsesAreNotCounted() {
        client.allow(own, key, ELSEWHERE, AROUND_HERE);
        var wrong = new CloudManagerClient(
                holder.base(), Objects.requireNonNull(holder.key()).substring(0, 20) + "x".repeat(46));
        wrong.send("GET", "/orgs");
        uses.flush().await().atMost(Duration.ofSeconds(10));

        assertThat(client.accessList(own, key, "").results())
                .extracting(Entry::count)
                .containsOnly(0L);
    }

    private static Document stored(String range) {
        return new Document("range", range).append("created", new Date()).append("count", 0L);
    }

    private static List<String> ranges(Page<Entry> list) {
        return list.results().stream().map(Entry::cidrBlock).toList();
    }

    private String url(String entry) {
        return Http.base() + CloudManagerClient.PATH + keyPath(own, key) + "/accessList" + entry;
    }
}
