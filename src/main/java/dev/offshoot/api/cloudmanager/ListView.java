package dev.offshoot.api.cloudmanager;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offshoot.api.http.Incoming;
import dev.offshoot.scope.Page;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param totalCount in all pages together; absent when the client did not want it
 */
@RegisterForReflection
public record ListView(
        List<Link> links,
        List<?> results,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long totalCount) {

    static <R> ListView of(Incoming request, PageRequest asked, Page<R> page, Function<R, ?> view) {
        var total = page.total().isPresent() ? page.total().getAsLong() : null;
        return new ListView(
                links(request, asked, page, total),
                page.records().stream().map(view).toList(),
                total);
    }

    /** The list of something that there is none of here. */
    static ListView empty(Incoming request, PageRequest asked) {
        var none = new Page<>(List.of(), asked.counted() ? OptionalLong.of(0) : OptionalLong.empty(), false);
        return of(request, asked, none, Function.identity());
    }

    private static List<Link> links(Incoming request, PageRequest asked, Page<?> page, @Nullable Long total) {
        var links = new ArrayList<Link>();
        var path = request.base() + withoutTrailingSlash(request.path());
        var sent = request.query().with(Set.of());
        var paged = asked.given() || asked.number() > 1 || page.more();
        var query = paged ? asked.query(request, asked.number()) : sent;
        links.add(Link.self(query.isEmpty() ? path : path + "?" + query));
        if (hasPrevious(asked, page, total)) {
            links.add(new Link(path + "?" + asked.query(request, asked.number() - 1), "previous"));
        }
        if (page.more()) {
            links.add(new Link(path + "?" + asked.query(request, asked.number() + 1), "next"));
        }
        return links;
    }

    /** Behind the end of the list there may be no page to go back to either. */
    private static boolean hasPrevious(PageRequest asked, Page<?> page, @Nullable Long total) {
        var before = (long) asked.skip() - asked.size();
        return asked.number() > 1 && (total == null ? !page.records().isEmpty() : before < total);
    }

    private static String withoutTrailingSlash(String path) {
        return path.replaceAll("/+$", "");
    }
}
