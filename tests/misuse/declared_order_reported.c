/* Locks are taken against the declared order that the program declares for their names. */
#include "lockorder/annotate.h"

#include "../verdicts/actors.h"

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t row = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    lockorder_name_lock(&table, "table");
    lockorder_name_lock(&row, "row");
    lockorder_declare_order("table", "row");
    pthread_mutex_lock(&row);   /* EXPECT misuse: related */
    pthread_mutex_lock(&table); /* EXPECT misuse: title against the declared order; fault declared_order_ concerns row */
    pthread_mutex_unlock(&table);
    pthread_mutex_unlock(&row);
    return 0;
}
