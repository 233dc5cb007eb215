import com.sun.tools.attach.VirtualMachine;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Prints how many bytes the threads of another Java process have allocated since its start, once for each line of its input.
 * What this question itself allocates there is some hundred kilobytes, so that it takes thousands of requests between two.
 *
 * <p>Argument: the id of the process.
 */
final class Allocated {
    private Allocated() {}

    public static void main(String... arguments) throws Exception {
        var machine = VirtualMachine.attach(arguments[0]);
        var address = machine.startLocalManagementAgent();
        machine.detach();
        try (var connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
                var input = new BufferedReader(new InputStreamReader(System.in))) {
            var threads = new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME);
            var process = connector.getMBeanServerConnection();
            while (input.readLine() != null) {
                System.out.println(allocated(process, threads));
            }
        }
    }

    /** Without the threads that have ended, for Java 17 does not know theirs; there are none during a measurement. */
    private static long allocated(MBeanServerConnection process, ObjectName threads) throws Exception {
        var ids = (long[]) process.getAttribute(threads, "AllThreadIds");
        var bytes = (long[]) process.invoke(
                threads, "getThreadAllocatedBytes", new Object[] {ids}, new String[] {long[].class.getName()});
        return Arrays.stream(bytes).filter(each -> each > 0).sum();
    }
}
