package dev.offshoot.testing;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Listens to the service's database commands. The framework makes and registers it for being a command listener. */
public class Commands implements CommandListener {
    private static final List<String> SENT = new CopyOnWriteArrayList<>();

    @Override
    public void commandStarted(CommandStartedEvent event) {
        if (event.getDatabaseName().equals(TestDatabase.name())) {
            SENT.add(event.getCommandName());
        }
    }

    /** The names of the commands that the service sends while the action runs. */
    public static List<String> during(Runnable action) {
        SENT.clear();
        action.run();
        return List.copyOf(SENT);
    }
}
