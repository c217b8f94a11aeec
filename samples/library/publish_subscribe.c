/* Publish and subscribe: who sends news does not know who listens. A subscription can be bound to a scope: it ends when the scope
 * is left, and no call comes afterwards.
 *
 *     build/release/samples/library/publish_subscribe */
/* EXPECT nothing: exchanges call without a lock */
#include <lockorder/lockorder.h>

#include "crew.h"

static void read_news(void *reader, void *news)
{
    printf("%s reads: %s\n", (const char *)reader, (const char *)news);
}

int main(void)
{
    struct lockorder_exchanges exchanges;
    struct lockorder_exchange *weather;
    struct lockorder_subscription *farmer;
    size_t readers;
    lockorder_exchanges_init(&exchanges, "exchanges");
    lockorder_exchanges_get(&exchanges, "weather", &weather);
    lockorder_exchange_attach(weather, read_news, "farmer", &farmer);
    {
        LOCKORDER_SCOPED_SUBSCRIPTION(tourist);
        lockorder_exchange_attach(weather, read_news, "tourist", &tourist);
        readers = lockorder_exchange_send(weather, "rain");
        expect(readers == 2, "two readers");
    }
    readers = lockorder_exchange_send(weather, "sun");
    expect(readers == 1, "one reader, after the tourist has left");
    lockorder_subscription_detach(farmer);
    lockorder_exchanges_destroy(&exchanges);
    return 0;
}
