package dev.offshoot.api.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.offshoot.apikey.KeySecret;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.Http.Answer;
import dev.offshoot.testing.PartnerClient;
import dev.offshoot.testing.PartnerClient.Created;
import dev.offshoot.testing.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A partner with a customer whose requests come through a proxy of the partner's.
 *
 * @param gatewayKey the proxy's own
 */
record EdgeWorld(PartnerClient partner, String gatewayKey, Created customer) {
    static EdgeWorld plant(PartnerClient root) {
        var partner = new PartnerClient(
                root.base(), root.createPartner("Vendor's partner").partnerKey());
        return new EdgeWorld(partner, mint(partner, "/api-keys", "gateway"), partner.create("Customer"));
    }

    /** The customer's key. */
    String key() {
        return customer.apiKey();
    }

    /** A further key of the customer's. */
    String mint(String role) {
        return mint(Map.of(), role);
    }

    /** A further key of the customer's, which can be used from there only. */
    String mintFor(String... allowedIps) {
        return mint(Map.of("allowed_ips", List.of(allowedIps)), "standard");
    }

    /** A further key of the partner's own. */
    String mintOwn(Map<String, Object> more, String role) {
        return mint(partner, "/api-keys", more, role);
    }

    void revoke(String key) {
        var id = KeySecret.parse(key).orElseThrow().id();
        var answer = partner.send("DELETE", "/organisations/" + customer.id() + "/api-keys/" + id);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    /** What the service says to the proxy when a request with that key came. */
    Answer authorize(String key) {
        return asProxy("GET", "/authorize").header("x-api-key", key).send();
    }

    /** The proxy's question, without the customer's key. */
    Request asProxy(String method, String path) {
        return Http.request(partner.base(), method, path).header("x-gateway-key", gatewayKey);
    }

    /** The same with a body that no other API would take. */
    Request asProxyWithBody(String method, String path, int length) {
        return asProxy(method, path).header("Content-Type", "text/plain").body(new byte[length]);
    }

    private String mint(Map<String, Object> more, String role) {
        return mint(partner, "/organisations/" + customer.id() + "/api-keys", more, role);
    }

    private static String mint(PartnerClient owner, String path, String role) {
        return mint(owner, path, Map.of(), role);
    }

    private static String mint(PartnerClient owner, String path, Map<String, Object> more, String role) {
        var body = new LinkedHashMap<String, Object>(more);
        body.put("name", "A key");
        body.put("roles", List.of(role));
        var answer = owner.send("POST", path, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return secret(answer.json());
    }

    private static String secret(JsonNode minted) {
        return minted.get("data").get("api_key").get("api_key").textValue();
    }
}
