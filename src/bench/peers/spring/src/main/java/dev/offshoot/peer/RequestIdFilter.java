package dev.offshoot.peer;

import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Gives every answer its request's id: the client's own if it is well-formed, or a new one. */
@Component
class RequestIdFilter implements WebFilter {
    private static final String HEADER = "X-Request-Id";
    private static final Pattern FORM = Pattern.compile("(?!.*osk_)[A-Za-z0-9._-]{1,128}");

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var offered = exchange.getRequest().getHeaders().getFirst(HEADER);
        var isOurs = offered == null || !FORM.matcher(offered).matches();
        var headers = exchange.getResponse().getHeaders();
        headers.set(HEADER, isOurs ? UUID.randomUUID().toString() : offered);
        headers.set("Cache-Control", "no-store");
        return chain.filter(exchange);
    }

    static String of(ServerWebExchange exchange) {
        return exchange.getResponse().getHeaders().getFirst(HEADER);
    }
}
