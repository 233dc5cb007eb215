package dev.offshoot.api.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection with an answer, where nobody can know where the next request on it begins. The answer says so, nothing
 * behind the request is taken for another one, and what the client still sends is read and thrown away for a moment: a
 * connection that is closed on unread bytes is reset, and the client may lose the answer (RFC 9112, section 9.6). HTTP/2
 * has no such doubt.
 */
final class LastAnswer {
    private static final AttributeKey<Boolean> ENDING = AttributeKey.valueOf("offshoot.connection.ending");
    private static final String ASKED_FOR_BODY = LastAnswer.class.getName() + ".asked";
    private static final long LINGER_MILLIS = 1000;

    private LastAnswer() {}

    /** Whether the last answer of the connection has been given, so that nothing behind it is a request. */
    static boolean wasGiven(Channel channel) {
        return Boolean.TRUE.equals(channel.attr(ENDING).get());
    }

    /** The answer to this request is to be the last. */
    static void plan(RoutingContext routing) {
        if (routing.request().version() != HttpVersion.HTTP_2) {
            routing.addHeadersEndHandler(head -> announce(routing));
            closeAfter(routing);
        }
    }

    /** The answer is to be the last unless the client is asked for its body before. */
    static void planUnlessAskedForBody(RoutingContext routing) {
        if (routing.request().version() != HttpVersion.HTTP_2) {
            routing.addHeadersEndHandler(head -> {
                if (routing.get(ASKED_FOR_BODY) == null) {
                    announce(routing);
                }
            });
            closeAfter(routing);
        }
    }

    /** Asks the client for its body. */
    static void askForBody(RoutingContext routing) {
        routing.put(ASKED_FOR_BODY, true);
        routing.response().writeContinue();
    }

    private static void announce(RoutingContext routing) {
        var channel = channel(routing.request());
        if (channel.attr(ENDING).getAndSet(true) == null) {
            routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            if (!Message.hasKnownVersion(routing.request())) {
                answerInHttp11(connection(routing.request()));
            }
        }
    }

    /** Set up before the answer begins: afterwards the HTTP library takes no handler of its end. */
    private static void closeAfter(RoutingContext routing) {
        var channel = channel(routing.request());
        routing.addEndHandler(end -> {
            if (wasGiven(channel)) {
                close(channel);
            }
        });
    }

    /** The HTTP library answers in the version of the request, known or not (RFC 9110, section 2.5). */
    private static void answerInHttp11(HttpServerConnection connection) {
        var context = connection.channelHandlerContext();
        context.pipeline().addBefore(context.name(), null, new ChannelOutboundHandlerAdapter() {
            @Override
            @SuppressWarnings("FutureReturnValueIgnored") // the promise is completed
            public void write(ChannelHandlerContext next, Object written, ChannelPromise promise) {
                if (written instanceof HttpResponse head) {
                    head.setProtocolVersion(io.netty.handler.codec.http.HttpVersion.HTTP_1_1);
                }
                next.write(written, promise);
            }
        });
    }

    /** A client that does not read the answer to its end is cut off for that. */
    @SuppressWarnings("FutureReturnValueIgnored") // whether or not the client reads on, the channel is closed in time
    private static void close(Channel channel) {
        channel.pipeline().addFirst(new Discarding());
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (channel instanceof DuplexChannel duplex && channel.pipeline().get(SslHandler.class) == null) {
                duplex.shutdownOutput();
            }
            channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private static Channel channel(HttpServerRequest http) {
        return connection(http).channel();
    }

    static HttpServerConnection connection(HttpServerRequest http) {
        return (HttpServerConnection) http.connection();
    }

    /** Reads and forgets. */
    private static final class Discarding extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object read) {
            ReferenceCountUtil.release(read);
        }
    }
}
