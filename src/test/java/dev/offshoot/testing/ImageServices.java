package dev.offshoot.testing;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The classes that a native image is made of, which find services as they do in an image: by the files that are included in
 * it, and by no other.
 */
public final class ImageServices extends URLClassLoader {
    private static final String FILES = "META-INF/services/";

    private final Predicate<String> included;
    private final Set<String> missed = new TreeSet<>();
    private final Set<String> classes = new TreeSet<>();

    /** @param included whether an image holds the resource of that name */
    public ImageServices(Path jar, Predicate<String> included) throws IOException {
        super(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        this.included = included;
    }

    /** The files that were looked for, are there and are not included. */
    public Set<String> missed() {
        return missed;
    }

    /** The classes that were loaded. */
    public Set<String> classes() {
        return classes;
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        var found = super.findResources(name);
        if (!name.startsWith(FILES) || !found.hasMoreElements() || included.test(name)) {
            return found;
        }
        missed.add(name);
        return Collections.emptyEnumeration();
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        var found = super.findClass(name);
        classes.add(name);
        return found;
    }
}
