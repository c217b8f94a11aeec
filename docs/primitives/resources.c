#include <errno.h>
#include <stdio.h>

#include <lockorder/lockorder.h>

int main(void)
{
    /* Three tape drives; each of two jobs will need two of them in the end, and takes them one by one. */
    const unsigned drives[] = {3}, two[] = {2}, one[] = {1};
    struct lockorder_banker banker;
    size_t copy, sort;
    lockorder_banker_init(&banker, 1, drives, "drives");
    lockorder_banker_declare(&banker, two, &copy);
    lockorder_banker_declare(&banker, two, &sort);

    lockorder_banker_request(&banker, copy, one);
    lockorder_banker_request(&banker, sort, one);
    /* One is left: whoever gets it can finish, and give back two. */
    printf("copy's second: %s\n", lockorder_banker_try_request(&banker, copy, one) == 0 ? "granted" : "not now");
    printf("sort's second: %s\n", lockorder_banker_try_request(&banker, sort, one) == EAGAIN ? "not now" : "granted");
    lockorder_banker_release(&banker, copy, two);
    printf("sort's second: %s\n", lockorder_banker_try_request(&banker, sort, one) == 0 ? "granted" : "not now");
    printf("a third: %s\n", lockorder_banker_try_request(&banker, sort, one) == EINVAL ? "was not declared" : "?");
    lockorder_banker_release(&banker, sort, two);

    lockorder_banker_leave(&banker, copy);
    lockorder_banker_leave(&banker, sort);
    lockorder_banker_destroy(&banker);
    return 0;
}
