package dev.offshoot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** An OpenAPI 3.1 document as the service serves it, to hold answers against; its schemas are JSON Schema 2020-12. */
public record ApiDocument(JsonNode json) {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch");
    private static final String COMPONENTS = "components";
    private static final String SECURITY = "security";

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.builder(
                    JsonSchemaFactory.getInstance(VersionFlag.V202012))
            .metaSchema(JsonMetaSchema.builder(JsonMetaSchema.getV202012())
                    .keyword(new NonValidationKeyword(COMPONENTS))
                    .build())
            .build();

    private static final SchemaValidatorsConfig STRICT =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    /** One call: a method in upper case and a path as the document writes it. */
    public record Call(String method, String path) implements Comparable<Call> {
        @Override
        public int compareTo(Call other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** An example, where it stands, and the schema it is an example of. */
    public record Example(String place, JsonNode schema, JsonNode value) {}

    /** The paths of the documents that the service serves, one for each API. */
    public static final List<String> ALL =
            List.of("/q/openapi", "/q/openapi/cloud-manager", "/q/openapi/monoid", "/q/openapi/edge");

    /** The calls of all documents. */
    public static Set<Call> callsOfAll() {
        var calls = new TreeSet<Call>();
        ALL.forEach(path -> calls.addAll(served(path).calls()));
        return calls;
    }

    public static ApiDocument served(String path) {
        var answer = Http.request("GET", path + "?format=json").send();
        assertThat(answer.status()).isEqualTo(200);
        return new ApiDocument(answer.json());
    }

    public Set<Call> calls() {
        var calls = new TreeSet<Call>();
        json.get("paths")
                .fields()
                .forEachRemaining(path -> path.getValue().fieldNames().forEachRemaining(name -> {
                    if (METHODS.contains(name)) {
                        calls.add(new Call(name.toUpperCase(Locale.ROOT), path.getKey()));
                    }
                }));
        return calls;
    }

    public Set<Integer> statuses(Call call) {
        var statuses = new TreeSet<Integer>();
        operation(call).get("responses").fieldNames().forEachRemaining(name -> statuses.add(Integer.valueOf(name)));
        return statuses;
    }

    public boolean hasBody(Call call) {
        return operation(call).has("requestBody");
    }

    /** What is wrong with an answer of that call, by its own document; nothing when all is right. */
    public List<String> violations(Call call, int status, JsonNode body) {
        var response = operation(call).get("responses").path(String.valueOf(status));
        return response.isMissingNode()
                ? List.of(call + " does not declare " + status)
                : violations(schema(resolved(response)), body);
    }

    /** As {@link #violations(Call, int, JsonNode)} for an answer that belongs to no call. */
    public List<String> violations(String response, JsonNode body) {
        return violations(schema(json.get(COMPONENTS).get("responses").get(response)), body);
    }

    /** As {@link #violations(Call, int, JsonNode)} for an answer in an envelope, whose schema {@code x-envelope} leads to. */
    public List<String> envelopeViolations(Call call, int status, JsonNode body) {
        var response = resolved(operation(call).get("responses").path(String.valueOf(status)));
        return response.has("x-envelope")
                ? violations(resolved(response.get("x-envelope")), body)
                : List.of(call + " does not declare an envelope for " + status);
    }

    /** What is wrong with a header of an answer of that call. */
    public List<String> headerViolations(Call call, int status, String name, String value) {
        var response = resolved(operation(call).get("responses").path(String.valueOf(status)));
        var header = response.path("headers").path(name);
        if (header.isMissingNode()) {
            return List.of(call + " does not declare " + name);
        }
        var schema = resolved(header).get("schema");
        var isNumber = schema.path("type").asText().equals("integer");
        return violations(schema, isNumber ? Http.json(value) : Http.JSON.valueToTree(value));
    }

    /** What is wrong with a body that is sent to that call. */
    public List<String> bodyViolations(Call call, String body) {
        return violations(schema(operation(call).get("requestBody")), Http.json(body));
    }

    public List<String> violations(JsonNode schema, JsonNode value) {
        var whole = ((ObjectNode) schema.deepCopy()).<ObjectNode>set(COMPONENTS, json.get(COMPONENTS));
        return SCHEMAS.getSchema(whole, STRICT).validate(value).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    /** Every example of the document: of schemas, bodies, parameters and headers. */
    public List<Example> examples() {
        var found = new ArrayList<Example>();
        collect(json, "", found);
        return found;
    }

    /** The error codes that each status of a call can carry. */
    public Map<Integer, Set<String>> codes(Call call) {
        var codes = new TreeMap<Integer, Set<String>>();
        statuses(call).stream().filter(status -> status >= 400).forEach(status -> {
            var response = resolved(operation(call).get("responses").get(String.valueOf(status)));
            codes.put(status, codes(schema(response)));
        });
        return codes;
    }

    private static Set<String> codes(JsonNode schema) {
        return new TreeSet<>(Stream.of("identifier", "code", "errorCode")
                .flatMap(name -> schema.findValues(name).stream())
                .flatMap(code -> elements(code.path("enum")))
                .map(JsonNode::textValue)
                .toList());
    }

    /**
     * The call with everything it refers to in the place of the reference, and with what it inherits: its path's
     * parameters, the document's servers and security. So it can be held against the same call of another document.
     */
    public ObjectNode whole(Call call) {
        var whole = ((ObjectNode) inlined(operation(call)));
        whole.set("of path", inlined(json.get("paths").get(call.path()).path("parameters")));
        whole.set("servers", json.get("servers"));
        if (!whole.has(SECURITY)) {
            whole.set(SECURITY, json.get(SECURITY));
        }
        for (var requirement : whole.get(SECURITY)) {
            requirement
                    .fieldNames()
                    .forEachRemaining(name -> whole.set(
                            "scheme " + name,
                            json.get(COMPONENTS).get("securitySchemes").get(name)));
        }
        return whole;
    }

    /** The names of components that nothing refers to, with their sections. */
    public Set<String> unusedComponents() {
        var unused = new TreeSet<String>();
        json.get(COMPONENTS).properties().stream()
                .filter(section -> !section.getKey().equals("securitySchemes"))
                .forEach(section -> section.getValue()
                        .fieldNames()
                        .forEachRemaining(name -> unused.add(section.getKey() + "/" + name)));
        json.findValuesAsText("$ref")
                .forEach(reference -> unused.remove(reference.replace("#/" + COMPONENTS + "/", "")));
        return unused;
    }

    private JsonNode inlined(JsonNode node) {
        if (node.has("$ref")) {
            var beside = ((ObjectNode) node.deepCopy()).<ObjectNode>without("$ref");
            return JsonNodeFactory.instance
                    .objectNode()
                    .<ObjectNode>set("referred to", inlined(resolved(node)))
                    .set("beside", beside);
        }
        if (node.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> array.add(inlined(element)));
            return array;
        }
        if (node.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> object.set(field.getKey(), inlined(field.getValue())));
            return object;
        }
        return node;
    }

    private JsonNode operation(Call call) {
        return json.get("paths").get(call.path()).get(call.method().toLowerCase(Locale.ROOT));
    }

    private JsonNode schema(JsonNode response) {
        return resolved(response.get("content").get("application/json").get("schema"));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref")
                ? json.at(JsonPointer.compile(node.get("$ref").textValue().substring(1)))
                : node;
    }

    private void collect(JsonNode node, String place, List<Example> found) {
        var of = resolved(node).path("schema");
        var examples = node.path("examples");
        if (examples.isArray()) {
            elements(examples).forEach(value -> found.add(new Example(place, node, value)));
        } else {
            elements(examples).forEach(named -> found.add(new Example(place, of, named.get("value"))));
        }
        if (node.has("example") && !of.isMissingNode()) {
            found.add(new Example(place, of, node.get("example")));
            return;
        }
        if (node.isArray()) {
            elements(node).forEach(element -> collect(element, place, found));
        }
        node.fields().forEachRemaining(field -> {
            if (!field.getKey().equals("examples")) {
                collect(field.getValue(), place + "/" + field.getKey(), found);
            }
        });
    }

    private static Stream<JsonNode> elements(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }
}
