package dev.offshoot.peer;

import dev.offshoot.peer.Views.Answer;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.types.ObjectId;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The calls about organisations. */
@RestController
@RequestMapping(path = "/organisations", produces = Views.JSON)
class PartnerController {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{24}");
    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-(0[1-9]|1[0-2])");
    private static final int LARGEST_PAGE = 100;

    private final Organisations organisations;
    private final Usage usage;

    PartnerController(Organisations organisations, Usage usage) {
        this.organisations = organisations;
        this.usage = usage;
    }

    @GetMapping
    Mono<ResponseEntity<Answer<Views.OrganisationsData>>> list(
            @Calling Caller caller,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) Integer skip,
            @RequestParam(required = false) String after,
            ServerWebExchange exchange) {
        check(limit >= 1 && limit <= LARGEST_PAGE, "limit");
        check(skip == null || (skip >= 0 && after == null), "skip");
        check(after == null || ID.matcher(after).matches(), "after");
        var skipped = skip == null ? 0 : skip;
        return organisations
                .list(caller, after == null ? null : new ObjectId(after), skipped, limit)
                .map(found -> page(found.getT1(), found.getT2(), skipped, limit, exchange));
    }

    @PostMapping
    Mono<ResponseEntity<Answer<Views.OrganisationData>>> create(@Calling Caller caller, @RequestBody NewOrganisation.Body body) {
        return organisations
                .create(caller, body.read())
                .map(created -> answer("create", created.organisation(), created.key()));
    }

    @GetMapping("/{id}")
    Mono<ResponseEntity<Answer<Views.OrganisationData>>> get(@Calling Caller caller, @PathVariable String id) {
        return organisations.find(caller, id(id)).map(found -> answer("get", found, null));
    }

    @PatchMapping("/{id}")
    Mono<ResponseEntity<Answer<Views.OrganisationData>>> update(
            @Calling Caller caller, @PathVariable String id, @RequestBody Map<String, Object> body) {
        return organisations.update(caller, id(id), body).map(updated -> answer("update", updated, null));
    }

    @GetMapping("/{id}/usage")
    Mono<Answer<Views.UsageData>> usage(
            @Calling Caller caller, @PathVariable String id, @RequestParam("usage_month") String month) {
        check(MONTH.matcher(month).matches(), "usage_month");
        return organisations
                .find(caller, id(id))
                .flatMap(found -> usage.month(found, YearMonth.parse(month)))
                .map(view -> Answer.of("get_organisation_usage", new Views.UsageData(view)));
    }

    private static ResponseEntity<Answer<Views.OrganisationsData>> page(
            List<Organisation> found, long total, int skip, int limit, ServerWebExchange exchange) {
        var shown = found.size() > limit ? found.subList(0, limit) : found;
        var answer = ResponseEntity.ok();
        if (found.size() > limit) {
            answer.header("Link", nextLink(shown.get(limit - 1), exchange));
        }
        return answer.body(Answer.of("get_organisations", Views.page(shown, skip, total)));
    }

    private static String nextLink(Organisation last, ServerWebExchange exchange) {
        var query = exchange.getRequest().getURI().getRawQuery();
        var kept = Arrays.stream(query == null ? new String[0] : query.split("&"))
                .filter(parameter -> !parameter.startsWith("after=") && !parameter.startsWith("skip="));
        var next = Stream.concat(kept, Stream.of("after=" + last.id())).collect(Collectors.joining("&"));
        return "<?" + next + ">; rel=\"next\"";
    }

    private static ResponseEntity<Answer<Views.OrganisationData>> answer(
            String call, Organisation organisation, KeySecret key) {
        return ResponseEntity.ok()
                .header("ETag", organisation.tag())
                .body(Answer.of(
                        call + "_organisation", new Views.OrganisationData(Views.organisation(organisation, key))));
    }

    private static ObjectId id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new Failures.NotFound();
        }
        return new ObjectId(text);
    }

    private static void check(boolean isValid, String field) {
        if (!isValid) {
            throw new Failures.Invalid(field);
        }
    }
}
