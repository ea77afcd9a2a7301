package io.qicore.mcp.internal.engine.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.engine.access.CallInterceptor;
import io.qicore.mcp.engine.access.CallOutcome;
import io.qicore.mcp.engine.access.InterceptedCall;
import io.qicore.mcp.engine.access.Offer;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.engine.rpc.Failures;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The interceptors of a server. Costs nothing if there are none. Thread-safe. */
public final class Interception {

    private static final Logger log = LoggerFactory.getLogger(Interception.class);

    private final List<CallInterceptor> interceptors;

    /** @param interceptors in the order in which they decide */
    public Interception(List<CallInterceptor> interceptors) {
        this.interceptors = List.copyOf(interceptors);
    }

    /** Returns whether every caller may see everything, because no interceptor was added. */
    public boolean isEmpty() {
        return interceptors.isEmpty();
    }

    /** Returns whether a caller sees an offer and may use it. */
    public boolean offers(Caller caller, Offer offer) {
        for (CallInterceptor interceptor : interceptors) {
            if (!interceptor.offers(caller, offer)) {
                return false;
            }
        }
        return true;
    }

    /** Finds what a request uses; null if it does not use an offer, or one that the caller does not see. */
    @FunctionalInterface
    public interface Target {
        @Nullable
        Offer of(Request request);
    }

    /**
     * Asks the interceptors about a request and serves it if none of them denies it. Tells all of them how it ended.
     *
     * @param service serves the request and answers to the sink that it is given
     */
    public void intercept(Request request, Target target, ReplySink sink, Service service) throws RpcException {
        if (interceptors.isEmpty() || request.method().equals(MethodNames.PING)) {
            service.serve(sink);
            return;
        }
        Observed observed = null;
        try {
            InterceptedCall call = new InterceptedCall(
                    request.metadata().caller(), request.method(), target.of(request), request.params());
            observed = new Observed(sink, call);
            for (CallInterceptor interceptor : interceptors) {
                Optional<Denial> denial = interceptor.before(call);
                if (denial.isPresent()) {
                    throw RpcException.denied(denial.get());
                }
            }
            service.serve(observed);
        } catch (RpcException e) {
            if (observed != null) {
                observed.ended(
                        e.kind() == Reply.Kind.ERROR || e.kind() == Reply.Kind.BAD_REQUEST
                                ? CallOutcome.FAILED
                                : CallOutcome.DENIED);
            }
            throw e;
        } catch (RuntimeException e) {
            if (observed != null) {
                observed.ended(CallOutcome.FAILED);
            }
            throw RpcException.internal(Failures.toRpc(log, "The interception of " + request.method(), e)
                    .message());
        }
    }

    /** Serves a request. */
    @FunctionalInterface
    public interface Service {
        void serve(ReplySink sink) throws RpcException;
    }

    /** Passes the answer on and tells the interceptors of the end. */
    private final class Observed implements ReplySink {

        private final ReplySink sink;
        private final InterceptedCall call;
        private final long start = System.nanoTime();

        Observed(ReplySink sink, InterceptedCall call) {
            this.sink = sink;
            this.call = call;
        }

        @Override
        public void notification(ObjectNode message) {
            sink.notification(message);
        }

        @Override
        public void reply(Reply reply) {
            try {
                sink.reply(reply);
            } finally {
                ended(outcome(reply));
            }
        }

        @Override
        public void reply(Reply reply, Runnable whenTaken) {
            try {
                sink.reply(reply, whenTaken);
            } finally {
                ended(outcome(reply));
            }
        }

        @Override
        public boolean isReady(Runnable whenReady) {
            return sink.isReady(whenReady);
        }

        @Override
        public void cancelled() {
            try {
                sink.cancelled();
            } finally {
                ended(CallOutcome.CANCELLED);
            }
        }

        private void ended(CallOutcome outcome) {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            for (CallInterceptor interceptor : interceptors) {
                try {
                    interceptor.after(call, outcome, took);
                } catch (RuntimeException e) {
                    Failures.log(log, "An interceptor after " + call, e);
                }
            }
        }
    }

    private static CallOutcome outcome(Reply reply) {
        JsonNode message = reply.message();
        if (message != null && message.path("result").path("isError").booleanValue()) {
            return CallOutcome.TOOL_FAILED;
        }
        return switch (reply.kind()) {
            case RESULT, ACCEPTED -> CallOutcome.SUCCEEDED;
            case UNAUTHENTICATED, FORBIDDEN, TOO_MANY_REQUESTS, BUSY -> CallOutcome.DENIED;
            case ERROR, BAD_REQUEST, NOT_FOUND -> CallOutcome.FAILED;
        };
    }
}
