#include <lockorder/local.h>

#include <stddef.h>

int lockorder_local_init(struct lockorder_local *local, void *(*create)(void), void (*destroy)(void *value))
{
    local->create = create;
    local->destroy = destroy;
    return pthread_key_create(&local->key, destroy);
}

int lockorder_local_destroy(struct lockorder_local *local)
{
    return pthread_key_delete(local->key);
}

void *lockorder_local_get(struct lockorder_local *local)
{
    void *value = pthread_getspecific(local->key);
    if (value != NULL || local->create == NULL)
        return value;
    value = local->create();
    if (value == NULL || pthread_setspecific(local->key, value) == 0)
        return value;
    if (local->destroy != NULL)
        local->destroy(value);
    return NULL;
}

int lockorder_local_set(struct lockorder_local *local, void *value)
{
    return pthread_setspecific(local->key, value);
}
