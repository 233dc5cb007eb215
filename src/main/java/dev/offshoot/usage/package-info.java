/**
 * The usage of organisations: reported records, days derived from records, months derived from days. Figures are exact
 * and count nothing twice.
 */
@NullMarked
package dev.offshoot.usage;

import org.jspecify.annotations.NullMarked;
