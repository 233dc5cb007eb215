package dev.offshoot.api.http;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.time.Duration;

/**
 * Answers 503 if a call takes longer than its {@link TimeLimit}. Work that is left undone is pending, and the queue
 * completes it.
 */
@TimeLimit
@Interceptor
@Priority(Interceptor.Priority.APPLICATION)
class TimeLimitInterceptor {
    private final CurrentRequest request;
    private final Failures failures;

    TimeLimitInterceptor(CurrentRequest request, Failures failures) {
        this.request = request;
        this.failures = failures;
    }

    @AroundInvoke
    Object limit(InvocationContext call) throws Exception {
        var result = call.proceed();
        if (!(result instanceof Uni<?> answer)) {
            return result;
        }
        var limit = call.getMethod().isAnnotationPresent(TimeLimit.class)
                ? call.getMethod().getAnnotation(TimeLimit.class)
                : call.getMethod().getDeclaringClass().getAnnotation(TimeLimit.class);
        var allowed = Duration.ofSeconds(limit.seconds());
        return answer.ifNoItem().after(request.left(allowed)).failWith(() -> failures.databaseTooSlow(allowed));
    }
}
