package dev.offshoot.peer;

import dev.offshoot.peer.Views.Answer;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The calls that verify customers' keys, and count the requests of good ones. */
@RestController
class VerificationController {
    private static final int MOST_REQUESTS = 1_000_000;

    private final Authentication authentication;
    private final Counts counts;

    VerificationController(Authentication authentication, Counts counts) {
        this.authentication = authentication;
        this.counts = counts;
    }

    record Body(String apiKey, String ip, Long count) {}

    @PostMapping(path = "/api-keys/verify", produces = Views.JSON)
    Mono<Answer<Views.VerificationData>> verify(
            @Calling(role = "GATEWAY") Caller caller, @RequestBody Body body) {
        var count = body.count() == null ? 1 : body.count();
        if (body.apiKey() == null || count < 0 || count > MOST_REQUESTS) {
            throw new Failures.Invalid(body.apiKey() == null ? "api_key" : "count");
        }
        return verify(caller, body.apiKey(), count, body.ip())
                .map(Views.Verification::of)
                .defaultIfEmpty(Views.Verification.UNKNOWN)
                .map(verification -> Answer.of("verify_api_key", new Views.VerificationData(verification)));
    }

    @RequestMapping("/authorize")
    Mono<ResponseEntity<Void>> authorize(
            @Calling(header = "x-gateway-key", role = "GATEWAY", refused = 403) Caller proxy,
            ServerWebExchange exchange) {
        var key = exchange.getRequest().getHeaders().getFirst("x-api-key");
        return verify(proxy, key, 1, CallerResolver.address(exchange))
                .map(holder -> ResponseEntity.ok()
                        .header("X-Organisation-Id", holder.root().toHexString())
                        .header("X-Organisation-Key", holder.organisationKey())
                        .header("X-Api-Key-Id", holder.key())
                        .<Void>build())
                .switchIfEmpty(Mono.error(() -> new Failures.Refused(401)));
    }

    private Mono<Caller> verify(Caller caller, String key, long count, String address) {
        return authentication
                .caller(key)
                .filter(holder -> holder.lineage().contains(caller.root()))
                .doOnNext(holder -> {
                    counts.used(holder, address);
                    counts.requests(holder, count);
                });
    }
}
