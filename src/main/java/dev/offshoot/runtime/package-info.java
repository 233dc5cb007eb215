/** What makes a process of all this: configuration, start-up checks, migrations, the embedded store, the root partner, health. Nothing depends on it. */
@NullMarked
package dev.offshoot.runtime;

import org.jspecify.annotations.NullMarked;
