#include "primitive_test.h"

#include <lockorder/event.h>
#include <lockorder/ordered.h>

enum { ACCOUNTS = 5 };

struct account {
    struct lockorder_lock lock; /* the first member: keys are found from it */
    uint64_t number;
    long balance;
};

static struct account accounts[ACCOUNTS];

static void open_accounts(const uint64_t *numbers)
{
    for (int i = 0; i < ACCOUNTS; i++) {
        lockorder_lock_init(&accounts[i].lock, "account");
        accounts[i].number = numbers != NULL ? numbers[i] : (uint64_t)i;
        accounts[i].balance = 1000;
    }
}

static void nothing_is_held(void)
{
    for (int i = 0; i < ACCOUNTS; i++)
        assert_int_equal(lockorder_lock_destroy(&accounts[i].lock), 0);
}

static uint64_t number_of(const void *lock, void *closure)
{
    (void)closure;
    return ((const struct account *)lock)->number;
}

static struct lockorder_lockable lockable(int account)
{
    return lockorder_lockable_lock(&accounts[account].lock);
}

static void all_are_taken_and_released(void **state)
{
    (void)state;
    open_accounts(NULL);
    struct lockorder_lockable locks[] = {lockable(3), lockable(0), lockable(2)};
    struct lockorder_claim claim;
    assert_int_equal(lockorder_claim_acquire(&claim, NULL, locks, 3), 0);
    assert_ptr_equal(locks[0].lock, &accounts[0].lock);
    assert_ptr_equal(locks[2].lock, &accounts[3].lock);
    assert_true(lockorder_lock_is_mine(&accounts[2].lock));
    assert_false(lockorder_lock_is_mine(&accounts[1].lock));
    assert_int_equal(lockorder_claim_release(&claim), 0);
    assert_int_equal(lockorder_claim_release(&claim), EPERM);
    nothing_is_held();
}

static void nested_claims_must_go_up(void **state)
{
    (void)state;
    open_accounts(NULL);
    struct lockorder_lockable outer[] = {lockable(1), lockable(2)}, below[] = {lockable(4), lockable(0)},
                              same[] = {lockable(2)}, between[] = {lockable(3)}, above[] = {lockable(4)};
    struct lockorder_claim claims[4];
    assert_int_equal(lockorder_claim_acquire(&claims[0], NULL, outer, 2), 0);
    assert_int_equal(lockorder_claim_acquire(&claims[1], NULL, below, 2), EDEADLK);
    assert_int_equal(lockorder_claim_acquire(&claims[1], NULL, same, 1), EDEADLK);
    assert_int_equal(lockorder_claim_acquire(&claims[1], NULL, above, 1), 0);
    assert_int_equal(lockorder_claim_acquire(&claims[2], NULL, between, 1), EDEADLK);
    assert_int_equal(lockorder_claim_release(&claims[1]), 0);
    assert_int_equal(lockorder_claim_acquire(&claims[2], NULL, between, 1), 0);
    assert_int_equal(lockorder_claim_acquire(&claims[3], NULL, above, 1), 0);
    /* Released in another order than taken. */
    assert_int_equal(lockorder_claim_release(&claims[0]), 0);
    assert_int_equal(lockorder_claim_release(&claims[3]), 0);
    assert_int_equal(lockorder_claim_release(&claims[2]), 0);
    assert_int_equal(lockorder_claim_acquire(&claims[0], NULL, below, 2), 0);
    assert_int_equal(lockorder_claim_release(&claims[0]), 0);
    nothing_is_held();
}

static void a_claim_is_all_or_nothing(void **state)
{
    (void)state;
    open_accounts(NULL);
    struct lockorder_lockable locks[] = {lockable(0), lockable(1), lockable(2)}, twice[] = {lockable(1), lockable(1)};
    struct lockorder_claim claim;
    assert_int_equal(lockorder_claim_acquire(&claim, NULL, twice, 2), EDEADLK);
    assert_int_equal(lockorder_claim_try_acquire_all(&claim, twice, 2, NULL), EDEADLK);
    lockorder_lock_acquire(&accounts[2].lock); /* outside of claims: noticed when it is taken */
    assert_int_equal(lockorder_claim_acquire(&claim, NULL, locks, 3), EDEADLK);
    assert_false(lockorder_lock_is_locked(&accounts[0].lock));
    assert_int_equal(lockorder_claim_release(&claim), EPERM);
    lockorder_lock_release(&accounts[2].lock);
    assert_int_equal(lockorder_claim_acquire(&claim, NULL, locks, 0), 0);
    assert_int_equal(lockorder_claim_release(&claim), 0);
    nothing_is_held();
}

static void any_kind_of_lock_can_be_claimed(void **state)
{
    (void)state;
    struct lockorder_lock lock = LOCKORDER_LOCK_INITIALIZER;
    struct lockorder_recursive_lock recursive = LOCKORDER_RECURSIVE_LOCK_INITIALIZER;
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    struct lockorder_rwlock read, write;
    struct lockorder_semaphore semaphore;
    struct lockorder_claim claim;
    lockorder_rwlock_init(&read, NULL);
    lockorder_rwlock_init(&write, NULL);
    lockorder_semaphore_init_bounded(&semaphore, 1, NULL);
    struct lockorder_lockable locks[] = {
        lockorder_lockable_lock(&lock),   lockorder_lockable_recursive(&recursive), lockorder_lockable_mutex(&mutex),
        lockorder_lockable_read(&read),   lockorder_lockable_write(&write),         lockorder_lockable_semaphore(&semaphore)};
    for (int way = 0; way < 2; way++) {
        int error = way == 0 ? lockorder_claim_acquire(&claim, NULL, locks, 6)
                             : lockorder_claim_try_acquire_all(&claim, locks, 6, NULL);
        assert_int_equal(error, 0);
        assert_true(lockorder_lock_is_mine(&lock) && lockorder_recursive_lock_is_mine(&recursive));
        assert_int_equal(pthread_mutex_trylock(&mutex), EBUSY);
        assert_true(lockorder_rwlock_is_locked(&read) && lockorder_rwlock_is_mine_to_write(&write));
        assert_int_equal(lockorder_semaphore_permits(&semaphore), 0);
        assert_int_equal(lockorder_claim_release(&claim), 0);
    }
    assert_int_equal(lockorder_lock_destroy(&lock), 0);
    assert_int_equal(lockorder_recursive_lock_destroy(&recursive), 0);
    assert_int_equal(pthread_mutex_destroy(&mutex), 0);
    assert_int_equal(lockorder_rwlock_destroy(&read), 0);
    assert_int_equal(lockorder_rwlock_destroy(&write), 0);
    assert_int_equal(lockorder_semaphore_destroy(&semaphore), 0);
}

static void a_scope_releases(void **state)
{
    (void)state;
    open_accounts(NULL);
    struct lockorder_lockable locks[] = {lockable(1), lockable(0)};
    for (int i = 0; i < 3; i++) {
        LOCKORDER_SCOPED_CLAIM(claim);
        if (i == 1)
            continue; /* never made: nothing to release */
        assert_int_equal(lockorder_claim_acquire(&claim, NULL, locks, 2), 0);
        assert_true(lockorder_lock_is_mine(&accounts[0].lock));
    }
    nothing_is_held();
}

static void keys_give_the_order(void **state)
{
    (void)state;
    const uint64_t numbers[] = {50, 40, 30, 20, 10};
    struct lockorder_order order;
    struct lockorder_claim outer, inner;
    open_accounts(numbers);
    assert_int_equal(lockorder_order_init(&order, number_of, NULL, "accounts"), 0);
    struct lockorder_lockable locks[] = {lockable(0), lockable(4)}, above[] = {lockable(0)}, below[] = {lockable(4)},
                              middle[] = {lockable(3)};
    assert_int_equal(lockorder_claim_acquire(&outer, &order, middle, 1), 0);
    assert_int_equal(lockorder_claim_acquire(&inner, &order, below, 1), EDEADLK);
    assert_int_equal(lockorder_claim_acquire(&inner, &order, above, 1), 0);
    assert_int_equal(lockorder_claim_release(&inner), 0);
    assert_int_equal(lockorder_claim_release(&outer), 0);
    assert_int_equal(lockorder_claim_acquire(&outer, &order, locks, 2), 0);
    assert_ptr_equal(locks[0].lock, &accounts[4].lock);
    /* Orders know nothing of each other. */
    struct lockorder_lock other = LOCKORDER_LOCK_INITIALIZER;
    struct lockorder_lockable others[] = {lockorder_lockable_lock(&other)};
    assert_int_equal(lockorder_claim_acquire(&inner, NULL, others, 1), 0);
    assert_int_equal(lockorder_claim_release(&inner), 0);
    assert_int_equal(lockorder_claim_release(&outer), 0);
    assert_int_equal(lockorder_order_destroy(&order), 0);
    nothing_is_held();
}

static void equal_keys_need_the_first_claim(void **state)
{
    (void)state;
    const uint64_t numbers[] = {1, 2, 2, 2, 3};
    struct lockorder_order order;
    struct lockorder_claim outer, inner;
    open_accounts(numbers);
    lockorder_order_init(&order, number_of, NULL, "accounts");
    struct lockorder_lockable least[] = {lockable(0)}, equal[] = {lockable(3), lockable(1)}, third[] = {lockable(2)};
    assert_int_equal(lockorder_claim_acquire(&outer, &order, least, 1), 0);
    assert_int_equal(lockorder_claim_acquire(&inner, &order, equal, 2), EDEADLK);
    assert_int_equal(lockorder_claim_release(&outer), 0);
    assert_int_equal(lockorder_claim_acquire(&outer, &order, equal, 2), 0);
    assert_false(lockorder_lock_is_locked(&order.tie));
    assert_int_equal(lockorder_claim_acquire(&inner, &order, third, 1), EDEADLK);
    assert_int_equal(lockorder_claim_release(&outer), 0);
    assert_int_equal(lockorder_order_destroy(&order), 0);
    nothing_is_held();
}

struct transfers {
    struct lockorder_order *order;
    bool by_trying;
    int teller;
};

static void transfer(const struct transfers *transfers, int from, int to)
{
    struct lockorder_lockable locks[] = {lockable(from), lockable(to)};
    LOCKORDER_SCOPED_CLAIM(claim);
    int error = transfers->by_trying ? lockorder_claim_try_acquire_all(&claim, locks, 2, NULL)
                                     : lockorder_claim_acquire(&claim, transfers->order, locks, 2);
    require(error == 0);
    accounts[from].balance--;
    accounts[to].balance++;
}

static void *transfer_often(void *argument)
{
    struct transfers *transfers = argument;
    int teller = __atomic_fetch_add(&transfers->teller, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < rounds(3000); i++) {
        int from = (i + teller) % ACCOUNTS;
        transfer(transfers, from, (from + 1 + (i / ACCOUNTS + teller) % (ACCOUNTS - 1)) % ACCOUNTS);
    }
    return NULL;
}

static void transfers_in_all_directions_end(struct transfers transfers)
{
    long sum = 0;
    run_threads(4, transfer_often, &transfers);
    for (int i = 0; i < ACCOUNTS; i++)
        sum += accounts[i].balance;
    assert_int_equal(sum, ACCOUNTS * 1000);
    nothing_is_held();
}

static void by_address(void **state)
{
    (void)state;
    open_accounts(NULL);
    transfers_in_all_directions_end((struct transfers){.order = NULL});
}

static void by_trying(void **state)
{
    (void)state;
    open_accounts(NULL);
    transfers_in_all_directions_end((struct transfers){.by_trying = true});
}

static void with_equal_keys(void **state)
{
    (void)state;
    const uint64_t numbers[] = {1, 2, 2, 2, 1};
    struct lockorder_order order;
    open_accounts(numbers);
    lockorder_order_init(&order, number_of, NULL, "accounts");
    transfers_in_all_directions_end((struct transfers){.order = &order});
    lockorder_order_destroy(&order);
}

struct holder {
    struct lockorder_event held;
    struct lockorder_event done;
};

static void *hold_the_second(void *argument)
{
    struct holder *holder = argument;
    lockorder_lock_acquire(&accounts[1].lock);
    lockorder_event_set(&holder->held);
    lockorder_event_wait(&holder->done);
    lockorder_lock_release(&accounts[1].lock);
    return NULL;
}

static void trying_ends_at_its_limit(void **state)
{
    (void)state;
    struct holder holder;
    struct lockorder_claim claim;
    struct lockorder_stop stop = LOCKORDER_STOP_INITIALIZER;
    struct lockorder_lockable locks[] = {lockable(0), lockable(1)};
    open_accounts(NULL);
    lockorder_event_init(&holder.held, NULL);
    lockorder_event_init(&holder.done, NULL);
    pthread_t thread = start(hold_the_second, &holder);
    lockorder_event_wait(&holder.held);
    struct lockorder_limit limit = soon(), past = lockorder_limit_after(0);
    assert_int_equal(lockorder_claim_try_acquire_all(&claim, locks, 2, &limit), ETIMEDOUT);
    assert_int_equal(lockorder_claim_try_acquire_all(&claim, locks, 2, &past), ETIMEDOUT);
    lockorder_stop_request(&stop);
    limit = lockorder_limit_stop(&stop);
    assert_int_equal(lockorder_claim_try_acquire_all(&claim, locks, 2, &limit), ECANCELED);
    assert_false(lockorder_lock_is_locked(&accounts[0].lock));
    lockorder_event_set(&holder.done);
    join(thread);
    assert_int_equal(lockorder_claim_try_acquire_all(&claim, locks, 2, &past), 0);
    assert_int_equal(lockorder_claim_release(&claim), 0);
    lockorder_event_destroy(&holder.held);
    lockorder_event_destroy(&holder.done);
    nothing_is_held();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_taken_and_released),
        cmocka_unit_test(nested_claims_must_go_up),
        cmocka_unit_test(a_claim_is_all_or_nothing),
        cmocka_unit_test(any_kind_of_lock_can_be_claimed),
        cmocka_unit_test(a_scope_releases),
        cmocka_unit_test(keys_give_the_order),
        cmocka_unit_test(equal_keys_need_the_first_claim),
        cmocka_unit_test(by_address),
        cmocka_unit_test(by_trying),
        cmocka_unit_test(with_equal_keys),
        cmocka_unit_test(trying_ends_at_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
