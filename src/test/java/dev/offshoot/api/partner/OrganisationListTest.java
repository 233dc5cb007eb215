package dev.offshoot.api.partner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.PartnerClient.Page;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    void entriesReadAsTheOrganisationsDoAloneAndHoldNoKeys() {
        var created = partner.createPartner("A");

        assertThat(partner.list("").organisations()).containsExactly(created.organisation());
        assertThat(partner.send("GET", "/organisations").body()).doesNotContain("osk_", "api_key");
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
