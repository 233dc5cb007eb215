@NullMarked
package dev.offshoot.api.connection;

import org.jspecify.annotations.NullMarked;
