package dev.offshoot.api.http;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.time.Duration;

/** Ends what takes longer than its {@link TimeLimit} with a 503. What it leaves undone is pending, and the queue does it. */
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
        return answer.ifNoItem()
                .after(request.left(Duration.ofSeconds(limit.seconds())))
                .failWith(failures::databaseTooSlow);
    }
}
