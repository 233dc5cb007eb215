package dev.offshoot.peer;

import java.net.InetSocketAddress;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Authenticates who calls, before anything else of a request is read. */
@Component
class CallerResolver implements HandlerMethodArgumentResolver {
    private final Authentication authentication;
    private final Counts counts;

    CallerResolver(Authentication authentication, Counts counts) {
        this.authentication = authentication;
        this.counts = counts;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(Calling.class);
    }

    @Override
    public Mono<Object> resolveArgument(
            MethodParameter parameter, BindingContext binding, ServerWebExchange exchange) {
        var calling = parameter.getParameterAnnotation(Calling.class);
        return authentication
                .caller(exchange.getRequest().getHeaders().getFirst(calling.header()))
                .filter(caller -> caller.roles().contains("PARTNER") || caller.roles().contains(calling.role()))
                .doOnNext(caller -> counts.used(caller, address(exchange)))
                .cast(Object.class)
                .switchIfEmpty(Mono.error(() -> new Failures.Refused(calling.refused())));
    }

    static String address(ServerWebExchange exchange) {
        InetSocketAddress peer = exchange.getRequest().getRemoteAddress();
        return peer == null ? null : peer.getAddress().getHostAddress();
    }
}
