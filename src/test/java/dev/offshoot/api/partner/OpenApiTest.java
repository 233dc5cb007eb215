package dev.offshoot.api.partner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offshoot.testing.ApiClient;
import dev.offshoot.testing.ApiDocument.Call;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.OpenApiChecks;
import dev.offshoot.testing.PartnerClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Holds the OpenAPI document of the Partner API and the service against one another. */
@QuarkusTest
@QuarkusTestResource(Installation.class)
class OpenApiTest extends OpenApiChecks {
    private static final Call LIST = new Call("GET", "/organisations");
    private static final Call CREATE = new Call("POST", "/organisations");
    private static final Call GET = new Call("GET", "/organisations/{organisation_id}");
    private static final Call UPDATE = new Call("PATCH", "/organisations/{organisation_id}");
    private static final Call DELETE = new Call("DELETE", "/organisations/{organisation_id}");
    private static final Call USAGE = new Call("GET", "/organisations/{organisation_id}/usage");
    private static final Call OWN_USAGE = new Call("GET", "/usage");
    private static final Call REPORT = new Call("POST", "/usage-records");

    private static final Map<Integer, Set<String>> CODES = Map.of(
            400, Set.of("validation_failed"),
            401, Set.of("unauthorised"),
            404, Set.of("organisation_not_found"),
            406, Set.of("not_acceptable"),
            413, Set.of("payload_too_large"),
            415, Set.of("unsupported_media_type"),
            429, Set.of("rate_limited"),
            500, Set.of("internal_error"),
            503, Set.of("unavailable"));

    private static final Map<Call, Map<Integer, Set<String>>> FURTHER = Map.of(
            CREATE, Map.of(409, Set.of("partner_external_id_taken", "depth_exceeded")),
            UPDATE, Map.of(409, Set.of("partner_external_id_taken")));

    private static final String NOBODY = "0123456789abcdef01234567";
    private static final String MONTH = "?usage_month=2026-04";

    OpenApiTest() {
        super(new Api(
                "/q/openapi",
                "Partner API",
                "apiKey",
                "/organisations",
                PartnerRoutes.ALL,
                false,
                CODES,
                FURTHER,
                Map.of("organisation_id", NOBODY)));
    }

    @Override
    protected ApiClient client(@Nullable String key) {
        return PartnerClient.with(key);
    }

    @Override
    protected int success(Call call) {
        return 200;
    }

    @Override
    protected String body(Call call) {
        if (call.equals(REPORT)) {
            return record("\"api_requests\":1");
        }
        return call.equals(CREATE) ? Http.text(PartnerClient.body("Customer")) : "{\"organisation_name\":\"New\"}";
    }

    @Override
    protected String query(Call call) {
        return call.equals(USAGE) || call.equals(OWN_USAGE) ? MONTH : "";
    }

    @Override
    protected List<Told> successes() {
        var told = new ArrayList<Told>();
        told.add(calling(200, LIST));
        var created = sending(200, CREATE, body("partner_external_id", "customer-12345"));
        var id =
                created.answer().json().at("/data/organisation/organisation_id").textValue();
        told.add(created);
        told.add(sending(200, CREATE, body("is_partner", true)));
        told.add(asking(200, LIST, "?limit=1&scope=subtree"));
        told.add(calling(200, GET, id));
        told.add(sending(200, UPDATE, "{\"partner_external_id\":null}", id));
        var report = record(id, "\"api_requests\":7,\"storage_bytes\":2000");
        told.add(sending(200, REPORT, report));
        told.add(sending(200, REPORT, report));
        told.add(sending(200, REPORT, record(id, "\"api_requests\":8")));
        told.add(sending(200, REPORT, record("\"api_requests\":8")));
        told.add(asking(200, USAGE, MONTH, id));
        told.add(asking(200, OWN_USAGE, MONTH));
        for (var breakdown : List.of("daily", "children")) {
            var query = MONTH + "&scope=subtree&breakdown=" + breakdown;
            told.add(asking(200, USAGE, query, id));
            told.add(asking(200, OWN_USAGE, query));
        }
        told.add(calling(200, DELETE, id));
        told.add(asking(200, GET, "?include_deleted=true", id));
        told.add(asking(200, LIST, "?include_deleted=true"));
        return told;
    }

    @Override
    protected List<Told> errors() {
        var taken = body("partner_external_id", "taken");
        partner.sendText("POST", "/organisations", taken);
        var other = partner.create("Other").id();
        return List.of(
                asking(400, LIST, "?limit=0&skip=&after=x&scope=all&scope=all"),
                asking(400, GET, "?include_deleted=1", NOBODY),
                asking(400, USAGE, "?usage_month=2026-13", NOBODY),
                calling(400, OWN_USAGE),
                asking(400, OWN_USAGE, MONTH + "&scope=children&breakdown=self"),
                calling(404, GET, "malformed"),
                sending(400, CREATE, "{\"unknown\":1}"),
                sending(400, UPDATE, "{\"unknown\":1}", NOBODY),
                sending(400, UPDATE, "{\"country\":\"GB\"}", NOBODY),
                sending(400, REPORT, record("\"api_requests\":-1")),
                sending(409, CREATE, taken),
                sending(409, UPDATE, "{\"partner_external_id\":\"taken\"}", other));
    }

    @Test
    void acceptedBodiesAreThoseThatAreDocumented() {
        assertThat(document.bodyFaults(CREATE, "{\"organisation_name\":\"A\",\"country\":\"GB\"}"))
                .isNotEmpty();
        assertThat(document.bodyFaults(UPDATE, "{\"country\":\"GB\"}")).isNotEmpty();
        assertThat(document.bodyFaults(UPDATE, "{}")).isNotEmpty();
        assertThat(document.bodyFaults(REPORT, record("\"api_requests\":-1"))).isNotEmpty();
        assertThat(document.bodyFaults(REPORT, record("\"api_requests\":null"))).isNotEmpty();
        assertThat(document.bodyFaults(REPORT, record("\"api_requests\":-1,\"reason\":\"Twice\"")))
                .isEmpty();
        assertThat(document.bodyFaults(REPORT, record("\"storage_bytes\":0,\"reason\":null")))
                .isEmpty();
    }

    /** A body that creates an organisation, with one more field. */
    private static String body(String field, Object value) {
        var body = PartnerClient.body("Customer");
        body.put(field, value);
        return Http.text(body);
    }

    private static String record(String figures) {
        return record(NOBODY, figures);
    }

    private static String record(String organisation, String figures) {
        return "{\"records\":[{\"id\":\"1\",\"organisation_id\":\"" + organisation + "\",\"day\":\"2026-04-01\","
                + figures + "}]}";
    }
}
