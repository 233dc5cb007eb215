package dev.offshoot.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bson.RawBsonDocument;

/** Looks for whole API keys where the service must not leave any. It names the place and not the key. */
public final class KeySearch {
    /** Any whole key, whichever test made it. */
    public static final Pattern KEY = Pattern.compile("osk_[a-z0-9]{12}_[0-9A-Za-z]{49}");

    private KeySearch() {}

    /** @param place what the text is, for the message */
    public static void assertNone(String place, String text) {
        var found = KEY.matcher(text);
        if (found.find()) {
            var line = 1
                    + text.substring(0, found.start())
                            .chars()
                            .filter(each -> each == '\n')
                            .count();
            throw new AssertionError("A whole API key is in %s, in line %d".formatted(place, line));
        }
    }

    /** The documents that hold one, each by its collection and id. */
    public static List<String> in(MongoDatabase database) {
        var places = new ArrayList<String>();
        for (var collection : database.listCollectionNames()) {
            for (var document :
                    database.getCollection(collection, RawBsonDocument.class).find()) {
                if (KEY.matcher(text(document)).find()) {
                    var place = database.getName() + "." + collection + " " + document.get("_id");
                    places.add(KEY.matcher(place).replaceAll("(a key)"));
                }
            }
        }
        return places;
    }

    /** Strings and the names of fields stand in BSON as they are. */
    private static String text(RawBsonDocument document) {
        var bytes = document.getByteBuffer();
        return new String(bytes.array(), bytes.position(), bytes.remaining(), ISO_8859_1);
    }
}
