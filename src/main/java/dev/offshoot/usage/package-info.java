/** What organisations used: reported records, the days made of them, the months made of days. Figures are exact and count nothing twice. */
@NullMarked
package dev.offshoot.usage;

import org.jspecify.annotations.NullMarked;
