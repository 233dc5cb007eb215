@NullMarked
package dev.offshoot.database;

import org.jspecify.annotations.NullMarked;
