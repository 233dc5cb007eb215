package dev.offshoot.api.http;

import dev.offshoot.testing.ApiClient;
import dev.offshoot.testing.CloudManagerClient;
import dev.offshoot.testing.DigestClient;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.MonoidClient;
import dev.offshoot.testing.PartnerClient;
import java.util.Locale;
import java.util.Map;

/** The APIs that have errors of their own, as a test sees them that writes its requests itself. */
enum EachApi {
    PARTNER("/organisations", "/error/code"),
    CLOUD_MANAGER("/api/public/v1.0/orgs", "/errorCode"),
    MONOID("/api/v1/organisations", "/error/code");

    private final String list;
    private final String code;

    EachApi(String list, String code) {
        this.list = list;
        this.code = code;
    }

    /** The path of the list of organisations, where they are created too. */
    String list() {
        return list;
    }

    /** A client with that partner's key. */
    ApiClient client(PartnerClient partner) {
        return switch (this) {
            case PARTNER -> partner;
            case CLOUD_MANAGER -> CloudManagerClient.of(partner);
            case MONOID -> MonoidClient.of(partner);
        };
    }

    /** The path of an organisation below the API's own. */
    String organisation(String id) {
        return (this == CLOUD_MANAGER ? "/orgs/" : "/organisations/") + id;
    }

    /** The body that renames an organisation. */
    Map<String, Object> rename(String name) {
        return Map.of(this == PARTNER ? "organisation_name" : "name", name);
    }

    /** The header by which that partner may make that call. */
    String credential(PartnerClient partner, String method, String target) {
        return switch (this) {
            case PARTNER -> "x-api-key: " + partner.key();
            case MONOID -> "Authorization: Bearer " + partner.key();
            case CLOUD_MANAGER -> {
                var digest = DigestClient.with(partner.key());
                yield "Authorization: " + digest.credentials(method, target, digest.nonce(), "00000001");
            }
        };
    }

    /** The body of a good creation. */
    String creation() {
        return this == PARTNER
                ? "{\"organisation_name\":\"A\",\"country\":\"GB\",\"division_timezone\":\"Europe/London\"}"
                : "{\"name\":\"A\"}";
    }

    /** A code of the Partner API as this API writes it. */
    String named(String partners) {
        return switch (this) {
            case PARTNER, MONOID -> partners;
            case CLOUD_MANAGER ->
                switch (partners) {
                    case "unauthorised" -> "NO_CURRENT_USER";
                    case "not_found" -> "RESOURCE_NOT_FOUND";
                    default -> partners.toUpperCase(Locale.ROOT);
                };
        };
    }

    /** The code of a refusal. */
    String code(Answer refusal) {
        return refusal.json().at(code).asText();
    }

    boolean isCreated(Answer answer) {
        return answer.status() == (this == MONOID ? 201 : 200);
    }
}
