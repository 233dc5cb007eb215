package dev.offshoot.api.partner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.PartnerClient.Page;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listing organisations, page by page. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class OrganisationListTest {
    private static final Pattern NEXT = Pattern.compile("<(\\?[^>]+)>; rel=\"next\"");

    private final PartnerClient partner = PartnerClient.newPartner();

    @ParameterizedTest
    @ValueSource(strings = {"", "?skip=7", "?limit=1&after=000000000000000000000000", "?scope=subtree"})
    void emptyListIsFromNoneToNone(String query) {
        assertThat(partner.list(query)).isEqualTo(new Page(List.of(), 0, 0, 0));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            query              | from | to | next
            ''                 | 1    | 7  | false
            ?limit=7           | 1    | 7  | false
            ?limit=6           | 1    | 6  | true
            ?limit=3           | 1    | 3  | true
            ?limit=3&skip=0    | 1    | 3  | true
            ?limit=3&skip=3    | 4    | 6  | true
            ?limit=3&skip=4    | 5    | 7  | false
            ?limit=3&skip=6    | 7    | 7  | false
            ?skip=2            | 3    | 7  | false
            ?limit=1&skip=6    | 7    | 7  | false
            ?skip=7            | 0    | 0  | false
            ?skip=2147483647   | 0    | 0  | false
            """)
    void pageIsCountedFromOneAndInclusive(String query, int from, int to, boolean next) {
        var ids = create(7);

        var page = partner.list(query);

        assertThat(page.ids()).isEqualTo(from == 0 ? List.of() : ids.subList(from - 1, to));
        assertThat(List.of(page.from(), page.to(), page.total())).containsExactly((long) from, (long) to, 7L);
        assertThat(NEXT.matcher(link(query)).matches()).isEqualTo(next);
    }

    @Test
    void pageHolds50ByDefault() {
        var ids = create(51);

        assertThat(partner.list("").ids()).isEqualTo(ids.subList(0, 50));
        assertThat(partner.list("?limit=100").ids()).isEqualTo(ids);
    }

    @Test
    void largestPageHasALength() {
        create(100);

        var answer = partner.send("GET", "/organisations?limit=100");

        assertThat(answer.headers().firstValue("Transfer-Encoding")).isEmpty();
        assertThat(answer.headers().firstValueAsLong("Content-Length"))
                .hasValue(answer.body().getBytes(StandardCharsets.UTF_8).length);
    }

    @ParameterizedTest
    @CsvSource({
        "?limit=1, true, true",
        "?limit=2, true, true",
        "?limit=3&scope=children, true, true",
        "?limit=100, true, true",
        "?limit=2&scope=subtree, false, true",
        "?limit=2&include_deleted=true, true, false",
        "?limit=1&scope=subtree&include_deleted=true, false, false",
        "?limit=3&skip=0&scope=subtree&include_deleted=true, false, false"
    })
    void nextLinksLeadToEachOrganisationOnceInOrder(String query, boolean childrenOnly, boolean liveOnly) {
        // Given
        var children = create(4);
        var subPartner = partner.createPartner("Sub-partner");
        var grandchild = PartnerClient.of(subPartner).create("Grandchild");
        var deleted = partner.create("Deleted");
        partner.delete(deleted.id());

        // When
        var walked = new ArrayList<String>();
        for (var path = "/organisations" + query; !path.isEmpty(); path = next(path)) {
            var page = partner.list(path.substring("/organisations".length()));
            assertThat(page.total()).isEqualTo(5 + (childrenOnly ? 0 : 1) + (liveOnly ? 0 : 1));
            walked.addAll(page.ids());
        }

        // Then
        var expected = new ArrayList<>(children);
        expected.add(subPartner.id());
        if (!childrenOnly) {
            expected.add(grandchild.id());
        }
        if (!liveOnly) {
            expected.add(deleted.id());
        }
        assertThat(walked).isSorted().containsExactlyElementsOf(expected);
    }

    @Test
    void listBehindAnOrganisationGoesOnThoughThatOneIsDeleted() {
        var ids = create(3);
        partner.delete(ids.get(1));

        assertThat(partner.list("?after=" + ids.get(1)).ids()).containsExactly(ids.get(2));
    }

    @Test
    void deletedOrganisationsAreListedOnRequestOnly() {
        var ids = create(2);
        var deleted = partner.delete(ids.get(0));

        assertThat(partner.list("").ids()).containsExactly(ids.get(1));
        assertThat(partner.list("?include_deleted=false").ids()).containsExactly(ids.get(1));
        var all = partner.list("?include_deleted=true");
        assertThat(all.organisations()).first().isEqualTo(deleted);
        assertThat(all.total()).isEqualTo(2);
    }

    /** Each of the letters is an organisation of {@link #plant}. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            query                                                              | found
            partner_external_id=x                                              | a
            partner_external_id=x&scope=children                               | a
            partner_external_id=X                                              | ''
            partner_external_id=x&scope=subtree                                | a d
            partner_external_id=x&include_deleted=true                         | a c
            partner_external_id=x&include_deleted=true&scope=subtree           | a d c
            partner_external_id=y%2F%3F                                        | b
            partner_external_id=none                                           | ''
            organisation_key=no-such-key                                       | ''
            organisation_name=twin                                             | a b
            organisation_name=+TWIN+                                           | a b
            organisation_name=tw                                               | ''
            organisation_name=Twin&scope=subtree                               | a b d
            organisation_name=Twin&include_deleted=true                        | a b c
            organisation_name=Twin&include_deleted=true&scope=subtree          | a b d c
            organisation_name=Twin&limit=1                                     | a
            organisation_name=Twin&limit=1&skip=1                              | b
            organisation_name=twin&partner_external_id=x                       | a
            organisation_name=other&partner_external_id=x                      | ''
            organisation_name=twin&partner_external_id=x&scope=subtree         | a d
            organisation_name=other&partner_external_id=x&scope=subtree        | ''
            organisation_name=%24name_key&partner_external_id=x&scope=subtree  | ''
            organisation_name=%24name_key&partner_external_id=x                | ''
            """)
    void onlyOrganisationsWithAllWantedAttributesAreListed(String query, String found) {
        var planted = plant();

        var page = partner.list("?" + query);

        assertThat(page.ids()).isEqualTo(idsOf(found, planted));
        assertThat(page.total())
                .isEqualTo(partner.list("?limit=100&" + query.replaceAll("&(limit|skip)=.", ""))
                        .ids()
                        .size());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            further                                                    | children | subtree | deleted | all
            ''                                                         | a b      | a b d   | a b c   | a b c d
            &partner_external_id=x                                     | a        | a d     | a c     | a c d
            &partner_external_id=y%2F%3F                               | b        | b       | b       | b
            &organisation_name=twin                                    | a b      | a b d   | a b c   | a b c d
            &organisation_name=other                                   | ''       | ''      | ''      | ''
            &organisation_name=Twin&partner_external_id=x              | a        | a d     | a c     | a c d
            &organisation_name=other&partner_external_id=x             | ''       | ''      | ''      | ''
            &organisation_name=twin&partner_external_id=%24external_id | ''       | ''      | ''      | ''
            &after=000000000000000000000000                            | a b      | a b d   | a b c   | a b c d
            &after=ffffffffffffffffffffffff                            | ''       | ''      | ''      | ''
            """)
    void organisationIsListedByItsKeyIfAllElseFits(
            String further, String children, String subtree, String deleted, String all) {
        var planted = plant();
        var foundBy = Map.of(
                "", children,
                "&scope=subtree", subtree,
                "&include_deleted=true", deleted,
                "&scope=subtree&include_deleted=true", all);

        foundBy.forEach((scope, found) -> planted.forEach((letter, organisation) -> {
            var page = partner.list(
                    "?organisation_key=" + organisation.organisation().key() + further + scope);
            var isFound = found.contains(letter);
            assertThat(page.ids()).as(letter + scope).isEqualTo(isFound ? List.of(organisation.id()) : List.of());
        }));
    }

    @Test
    void nextLinkKeepsTheWantedAttributes() {
        var planted = plant();
        var query = "?organisation_name=Twin&scope=subtree&limit=2";

        assertThat(partner.list(next("/organisations" + query).substring("/organisations".length()))
                        .ids())
                .isEqualTo(idsOf("d", planted));
        assertThat(next(next("/organisations" + query))).isEmpty();
    }

    @Test
    void renamedOrganisationIsListedByWhatItIsCalledNow() {
        var organisation = partner.create("Before");
        partner.update(organisation.id(), Map.of("organisation_name", "After", "partner_external_id", "after"));

        assertThat(partner.list("?organisation_name=before").ids()).isEmpty();
        assertThat(partner.list("?organisation_name=after&partner_external_id=after")
                        .ids())
                .containsExactly(organisation.id());
    }

    @Test
    void entriesReadAsTheOrganisationsDoAloneAndHoldNoKeys() {
        var created = partner.createPartner("A");

        assertThat(partner.list("").organisations()).containsExactly(created.organisation());
        assertThat(partner.send("GET", "/organisations").body()).doesNotContain("osk_", "api_key");
    }

    /**
     * Two children, one of them with the external id of a deleted one and of a grandchild. All are called the same; the
     * sub-partner, which is none of them, is not.
     */
    private Map<String, Created> plant() {
        var deleted = partner.create(twin("x"));
        partner.delete(deleted.id());
        var first = partner.create(twin("x"));
        var second = partner.create(twin("y/?"));
        var grandchild = PartnerClient.of(partner.createPartner("Sub-partner")).create(twin("x"));
        return Map.of("a", first, "b", second, "c", deleted, "d", grandchild);
    }

    private static Map<String, Object> twin(String externalId) {
        var body = PartnerClient.body("Twin");
        body.put("partner_external_id", externalId);
        return body;
    }

    /** The ids of the organisations with these letters, in order. */
    private static List<String> idsOf(String letters, Map<String, Created> planted) {
        return planted.entrySet().stream()
                .filter(each -> letters.contains(each.getKey()))
                .map(each -> each.getValue().id())
                .sorted()
                .toList();
    }

    private List<String> create(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> partner.create("Child " + i))
                .map(Created::id)
                .toList();
    }

    private String link(String query) {
        return partner.send("GET", "/organisations" + query).header("Link");
    }

    /** The path behind the page's link to the next one, or nothing. */
    private String next(String path) {
        Answer answer = partner.send("GET", path);
        var link = NEXT.matcher(answer.header("Link"));
        return link.matches() ? "/organisations" + link.group(1) : "";
    }
}
