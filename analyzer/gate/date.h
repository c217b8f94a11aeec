/* Days as text, YYYY-MM-DD, which sorts as time goes. They are days in UTC: the same day for everybody who reads a file, and with
 * no hour that a summer time repeats or leaves out. */
#ifndef LOCKORDER_ANALYZER_GATE_DATE_H
#define LOCKORDER_ANALYZER_GATE_DATE_H

#include <stdbool.h>

enum { DATE_SIZE = 11 };

bool date_is_valid(const char *text);

void date_today(char today[DATE_SIZE]);

#endif
