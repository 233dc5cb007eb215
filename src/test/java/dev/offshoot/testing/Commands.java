package dev.offshoot.testing;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** Listens to the service's database commands. The framework makes and registers it for being a command listener. */
public class Commands implements CommandListener {
    private static final Set<String> QUERYING = Set.of("find", "aggregate");
    private static final List<String> SENT = new CopyOnWriteArrayList<>();
    private static final List<String> SORTED = new CopyOnWriteArrayList<>();
    private static final List<BsonDocument> QUERIES = new CopyOnWriteArrayList<>();
    private static final List<Integer> REPLIES = new CopyOnWriteArrayList<>();

    @Override
    public void commandStarted(CommandStartedEvent event) {
        if (event.getDatabaseName().equals(TestDatabase.name())) {
            SENT.add(event.getCommandName());
            if (event.getCommand().containsKey("sort")) {
                SORTED.add(event.getCommandName());
            }
            if (QUERYING.contains(event.getCommandName())) {
                QUERIES.add(event.getCommand().clone());
            }
        }
    }

    @Override
    public void commandSucceeded(CommandSucceededEvent event) {
        if (event.getDatabaseName().equals(TestDatabase.name())) {
            REPLIES.add(new RawBsonDocument(event.getResponse(), new BsonDocumentCodec())
                    .getByteBuffer()
                    .remaining());
        }
    }

    /** How many bytes the database answers to each of the commands that the service sends while the action runs. */
    public static List<Integer> repliesDuring(Runnable action) {
        REPLIES.clear();
        action.run();
        return List.copyOf(REPLIES);
    }

    /** The names of those commands that ask for a sort, of all that the service sends while the action runs. */
    public static List<String> sortedDuring(Runnable action) {
        SORTED.clear();
        action.run();
        return List.copyOf(SORTED);
    }

    /** The commands that ask for records, of all that the service sends while the action runs, as they are sent. */
    public static List<BsonDocument> queriesDuring(Runnable action) {
        QUERIES.clear();
        action.run();
        return List.copyOf(QUERIES);
    }

    /** The names of the commands that the service sends while the action runs. */
    public static List<String> during(Runnable action) {
        SENT.clear();
        action.run();
        return List.copyOf(SENT);
    }
}
