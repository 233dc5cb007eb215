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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Holds back what a client sends behind a request (pipelining; RFC 9112, section 9.3.2) until the request is answered. The
 * HTTP library begins to read the next request at once. If that one is malformed, or the client hangs up, the library fails
 * on it with a stack trace, loses the answer to the first request, and may leave the connection open. While something is
 * held, nothing more is read: a connection holds the rest of one buffer of 64 KiB. A client that sent more requests at once
 * than may be held, of one connection or of all, is cut off.
 */
final class OneRequestAtATime extends ChannelDuplexHandler {
    /** A request without a body has two parts, with some 500 bytes each. */
    private static final int MOST_HELD = 4000;

    /** How many parts all connections hold together; only those that hold more than a few are cut off for it. */
    private static final int MOST_HELD_IN_ALL = 40_000;

    private static final int FEW = 64;
    private static final AtomicInteger HELD_IN_ALL = new AtomicInteger();

    private final Deque<Object> held = new ArrayDeque<>();
    private boolean answering = true;
    private boolean isHoldingOff;
    private boolean isCut;

    /** Of a connection whose first request is being answered. */
    OneRequestAtATime() {}

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
        if (isCut) {
            ReferenceCountUtil.release(part);
        } else if (!held.isEmpty() || (answering && part instanceof HttpRequest)) {
            hold(context, part);
        } else {
            pass(context, part);
        }
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (held.isEmpty()) {
            context.read();
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

    /** The event loop would otherwise read on until nothing is there. */
    private void hold(ChannelHandlerContext context, Object part) {
        if (!isHoldingOff) {
            isHoldingOff = true;
            context.channel().config().setAutoRead(false);
        }
        held.add(part);
        var inAll = HELD_IN_ALL.incrementAndGet();
        if (held.size() > (inAll > MOST_HELD_IN_ALL ? FEW : MOST_HELD)) {
            isCut = true;
            release();
            var unused = context.close();
        }
    }

    private void next(ChannelHandlerContext context) {
        answering = false;
        if (LastAnswer.wasGiven(context.channel())) {
            release();
        }
        if (!held.isEmpty()) {
            passOn(context);
        }
        if (held.isEmpty() && isHoldingOff) {
            isHoldingOff = false;
            context.channel().config().setAutoRead(true);
            // Where the library has set this meanwhile, its reading did not get past this handler.
            context.read();
        }
    }

    /** The library sends what it answered at once when it hears that this was all. */
    private void passOn(ChannelHandlerContext context) {
        do {
            HELD_IN_ALL.decrementAndGet();
            pass(context, held.remove());
        } while (!held.isEmpty() && !(answering && held.peek() instanceof HttpRequest));
        context.fireChannelReadComplete();
    }

    private void pass(ChannelHandlerContext context, Object part) {
        answering |= part instanceof HttpRequest;
        context.fireChannelRead(part);
    }

    private void release() {
        HELD_IN_ALL.addAndGet(-held.size());
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }

    private static boolean isInterim(Object part) {
        return part instanceof HttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
}
