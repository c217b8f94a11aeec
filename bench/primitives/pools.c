/* The thread pool against GLib's, on tasks of one microsecond. */
#include "comparison.h"

#include <stddef.h>
#include <unistd.h>

#include <lockorder/thread_pool.h>

#ifdef HAVE_GLIB
#include <glib.h>
#endif

/* So many steps take about a microsecond; found out once. */
static int steps;

static void spend(int count)
{
    for (volatile int i = 0; i < count; i++)
        ;
}

static void find_steps(void)
{
    const int tried = 1000000;
    double begin = now();
    spend(tried);
    steps = (int)(tried * 1000 / (now() - begin));
}

static int work(void *argument, void **result)
{
    (void)argument, (void)result;
    spend(steps);
    return 0;
}

static double with_pool(int times)
{
    struct lockorder_thread_pool pool;
    if (steps == 0)
        find_steps();
    lockorder_thread_pool_init(&pool, 0, NULL);
    double begin = now();
    for (int i = 0; i < times; i++)
        lockorder_thread_pool_apply_async(&pool, work, NULL, NULL);
    lockorder_thread_pool_close(&pool, LOCKORDER_FINISH_QUEUED);
    lockorder_thread_pool_join(&pool);
    double time = now() - begin;
    lockorder_thread_pool_destroy(&pool);
    return time;
}

#ifdef HAVE_GLIB
static void work_glib(gpointer data, gpointer user_data)
{
    (void)data, (void)user_data;
    spend(steps);
}

static double with_glib(int times)
{
    GThreadPool *pool = g_thread_pool_new(work_glib, NULL, (gint)sysconf(_SC_NPROCESSORS_ONLN), TRUE, NULL);
    double begin = now();
    for (int i = 0; i < times; i++)
        g_thread_pool_push(pool, &steps, NULL);
    g_thread_pool_free(pool, FALSE, TRUE);
    return now() - begin;
}
#define GLIB_POOL "GThreadPool"
#else
#define GLIB_POOL NULL
static double (*const with_glib)(int) = NULL;
#endif

const struct comparison pool_comparisons[] = {
    {"pool, 1 us tasks", 20000, {{"lockorder_thread_pool", with_pool}, {GLIB_POOL, with_glib}}, {0, 1}},
    {NULL, 0, {{NULL, NULL}}, {0}},
};
