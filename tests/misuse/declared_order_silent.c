/* Locks are taken in the order that the program declares for their names; the other way round, only tried. */
/* EXPECT nothing: as declared */
#include "lockorder/annotate.h"

#include "../verdicts/actors.h"

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t row = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    lockorder_name_lock(&table, "table");
    lockorder_name_lock(&row, "row");
    lockorder_declare_order("table", "row");
    pthread_mutex_lock(&table);
    pthread_mutex_lock(&row);
    pthread_mutex_unlock(&row);
    pthread_mutex_unlock(&table);
    pthread_mutex_lock(&row);
    require(pthread_mutex_trylock(&table) == 0, "a free table");
    pthread_mutex_unlock(&table);
    pthread_mutex_unlock(&row);
    return 0;
}
