package dev.offshoot.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.smallrye.openapi.api.SmallRyeOpenAPI;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;

/**
 * Adds to the OpenAPI document of all APIs what stands in those of each, when the application is built. What they say
 * stays what it is: a component whose name stands in several documents gets its API's in front of it, so do all tags, and every
 * operation says by itself which credential it takes.
 */
@OpenApiFilter(documentNames = "all", stages = OpenApiFilter.RunStage.BUILD)
public class MergedDocument implements OASFilter {
    private static final List<String> DOCUMENTS = List.of("partner", "cloud-manager", "monoid", "edge");
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
    private static final String COMPONENTS = "components";
    private static final String SECURITY = "security";
    private static final String SECURITY_SCHEMES = "securitySchemes";
    private static final String TAGS = "tags";
    private static final String REF = "$ref";

    private final ObjectNode merged = new ObjectMapper().createObjectNode();
    private final StringBuilder descriptions = new StringBuilder();
    private final Set<String> ambiguous = new HashSet<>();

    @Override
    public void filterOpenAPI(OpenAPI document) {
        var documents = DOCUMENTS.stream().map(MergedDocument::read).toList();
        ambiguous.addAll(namesInSeveral(documents));
        documents.forEach(this::add);
        var all = model();
        document.tags(all.getTags()).paths(all.getPaths()).components(all.getComponents());
        document.getInfo().setDescription(document.getInfo().getDescription() + descriptions);
    }

    private void add(ObjectNode document) {
        var api = document.at("/info/title").textValue().replace("Offshoot ", "");
        descriptions.append(
                "\n# %s\n\n%s".formatted(api, document.at("/info/description").textValue()));
        qualifyReferences(document, api);
        for (var tag : document.get(TAGS)) {
            merged.withArray("/" + TAGS).add(((ObjectNode) tag).put("name", tag(api, tag.get("name"))));
        }
        for (var path : document.get("paths").properties()) {
            operations(path.getValue()).forEach(operation -> completeOperation(operation, api, document));
            addNew(merged.withObject("/paths"), path.getKey(), path.getValue());
        }
        for (var section : document.get(COMPONENTS).properties()) {
            var components = merged.withObject("/" + COMPONENTS + "/" + section.getKey());
            for (var component : section.getValue().properties()) {
                addNew(components, name(section.getKey(), component.getKey(), api), component.getValue());
            }
        }
    }

    private static void completeOperation(ObjectNode operation, String api, ObjectNode document) {
        var tags = (ArrayNode) operation.get(TAGS);
        for (var index = 0; index < tags.size(); index++) {
            tags.set(index, tag(api, tags.get(index)));
        }
        if (!operation.has(SECURITY)) {
            operation.set(SECURITY, document.get(SECURITY));
        }
    }

    private void qualifyReferences(JsonNode node, String api) {
        if (node instanceof ObjectNode object && object.path(REF).isTextual()) {
            var parts = object.get(REF).textValue().split("/");
            object.put(REF, "#/" + COMPONENTS + "/" + parts[2] + "/" + name(parts[2], parts[3], api));
        }
        node.forEach(child -> qualifyReferences(child, api));
    }

    private String name(String section, String name, String api) {
        return ambiguous.contains(section + "/" + name) ? api.replace("API", "").replace(" ", "") + name : name;
    }

    private static String tag(String api, JsonNode name) {
        return api + ": " + name.textValue();
    }

    private static void addNew(ObjectNode object, String name, JsonNode value) {
        if (object.has(name)) {
            throw new IllegalStateException("Two OpenAPI documents have " + name + ".");
        }
        object.set(name, value);
    }

    /** Those of security schemes have to differ: they are not referred to by {@code $ref}. */
    private static Set<String> namesInSeveral(List<ObjectNode> documents) {
        var seen = new HashSet<String>();
        var several = new HashSet<String>();
        for (var document : documents) {
            for (var section : document.get(COMPONENTS).properties()) {
                section.getValue().fieldNames().forEachRemaining(name -> {
                    var component = section.getKey() + "/" + name;
                    if (!section.getKey().equals(SECURITY_SCHEMES) && !seen.add(component)) {
                        several.add(component);
                    }
                });
            }
        }
        return several;
    }

    private static Stream<ObjectNode> operations(JsonNode path) {
        return path.properties().stream()
                .filter(entry -> METHODS.contains(entry.getKey()))
                .map(entry -> (ObjectNode) entry.getValue());
    }

    private static ObjectNode read(String api) {
        var name = "openapi/" + api + "/openapi.yaml";
        try (var yaml = Thread.currentThread().getContextClassLoader().getResourceAsStream(name)) {
            return (ObjectNode) new YAMLMapper().readTree(yaml);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private OpenAPI model() {
        var json = merged.toString().getBytes(StandardCharsets.UTF_8);
        return SmallRyeOpenAPI.builder()
                .withConfig(ConfigProvider.getConfig())
                .enableModelReader(false)
                .enableStandardStaticFiles(false)
                .enableAnnotationScan(false)
                .enableStandardFilter(false)
                .withCustomStaticFile(() -> new ByteArrayInputStream(json))
                .build()
                .model();
    }
}
