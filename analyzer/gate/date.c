#include "date.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool has_form(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    if (strlen(text) != strlen(form))
        return false;
    for (size_t i = 0; form[i] != '\0'; i++) {
        if (form[i] == '-' ? text[i] != '-' : !isdigit((unsigned char)text[i]))
            return false;
    }
    return true;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool date_is_valid(const char *text)
{
    if (!has_form(text))
        return false;
    int year = atoi(text), month = atoi(text + 5), day = atoi(text + 8);
    return month >= 1 && month <= 12 && day >= 1 && day <= days_of_month(year, month);
}

void date_today(char today[DATE_SIZE])
{
    time_t now = time(NULL);
    struct tm day;
    strftime(today, DATE_SIZE, "%Y-%m-%d", gmtime_r(&now, &day));
}
