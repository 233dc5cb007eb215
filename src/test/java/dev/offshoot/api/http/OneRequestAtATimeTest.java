package dev.offshoot.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a request that was sent behind another one is passed on, and the connection is read again. */
class OneRequestAtATimeTest {
    private final CountingReads reads = new CountingReads();
    private final EmbeddedChannel channel = new EmbeddedChannel(reads, new OneRequestAtATime());

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void nextRequestWaitsForTheAnswerAndNothingMoreIsReadMeanwhile() {
        channel.writeInbound(request("/second"), request("/third"));
        reads.count = 0;
        channel.read();

        assertThat(channel.<Object>readInbound()).isNull();
        assertThat(reads.count).isZero();

        answer();

        assertThat(channel.<FullHttpRequest>readInbound().uri()).isEqualTo("/second");
        assertThat(channel.<Object>readInbound()).isNull();
        assertThat(reads.count).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionIsReadAgainWhenNothingIsHeld(boolean libraryResumesMeanwhile) {
        channel.writeInbound(request("/second"));
        channel.config().setAutoRead(libraryResumesMeanwhile);
        reads.count = 0;

        answer();

        assertThat(channel.<FullHttpRequest>readInbound().uri()).isEqualTo("/second");
        assertThat(reads.count).isPositive();
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    private void answer() {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        channel.runPendingTasks();
    }

    private static FullHttpRequest request(String path) {
        return new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
    }

    /** Counts how often the connection is asked for more. */
    private static final class CountingReads extends ChannelOutboundHandlerAdapter {
        private int count;

        @Override
        public void read(ChannelHandlerContext context) {
            count++;
            context.read();
        }
    }
}
