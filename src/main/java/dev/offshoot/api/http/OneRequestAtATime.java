package dev.offshoot.api.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Holds back what a client sends behind a request (pipelining; RFC 9112, section 9.3.2) until the request is answered. The
 * HTTP library begins to read the next request at once. If that one is malformed, or the client hangs up, the library fails
 * on it with a stack trace, loses the answer to the first request, and may leave the connection open. While something is
 * held, nothing more is read: a connection holds at most what one turn of its event loop reads, which is 1 MiB.
 */
final class OneRequestAtATime extends ChannelDuplexHandler {
    private final Deque<Object> held = new ArrayDeque<>();
    private boolean answering = true;
    private boolean wantsToRead;

    private OneRequestAtATime() {}

    /** Begins with the first request of an HTTP/1 connection, which is being answered. */
    static void install(HttpServerRequest http) {
        if (http.version() == HttpVersion.HTTP_2) {
            return;
        }
        var context = LastAnswer.connection(http).channelHandlerContext();
        var pipeline = context.pipeline();
        if (pipeline.get(OneRequestAtATime.class) == null) {
            pipeline.addBefore(context.name(), null, new OneRequestAtATime());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object part) {
        if (!held.isEmpty() || (answering && part instanceof HttpRequest)) {
            held.add(part);
        } else {
            pass(context, part);
        }
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (held.isEmpty()) {
            context.read();
        } else {
            wantsToRead = true;
        }
    }

    /**
     * The library has to be done with the answer before the next request reaches it, and the client has to have read it: a
     * connection holds one answer at most.
     */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise is completed
    public void write(ChannelHandlerContext context, Object part, ChannelPromise promise) {
        if (part instanceof LastHttpContent && !isInterim(part)) {
            context.write(part, promise.unvoid())
                    .addListener(sent -> context.executor().execute(() -> next(context)));
        } else {
            context.write(part, promise);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        release();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        release();
    }

    private void next(ChannelHandlerContext context) {
        answering = false;
        if (LastAnswer.wasGiven(context.channel())) {
            release();
        }
        if (!held.isEmpty()) {
            passOn(context);
        }
        if (held.isEmpty() && wantsToRead) {
            wantsToRead = false;
            context.read();
        }
    }

    /** The library sends what it answered at once when it hears that this was all. */
    private void passOn(ChannelHandlerContext context) {
        do {
            pass(context, held.remove());
        } while (!held.isEmpty() && !(answering && held.peek() instanceof HttpRequest));
        context.fireChannelReadComplete();
    }

    private void pass(ChannelHandlerContext context, Object part) {
        answering |= part instanceof HttpRequest;
        context.fireChannelRead(part);
    }

    private void release() {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }

    private static boolean isInterim(Object part) {
        return part instanceof HttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
}
