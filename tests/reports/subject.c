/* A program for hand-made traces: only its symbols, its lines and its debug information are looked at. Each function stands on one
 * line, so that every address in it is of that line. */
#include <pthread.h>

struct account {
    int balance;
    pthread_mutex_t lock;
};

struct account accounts[2];
pthread_mutex_t journal;

void open_account(struct account *account) { pthread_mutex_init(&account->lock, NULL); }
void debit(struct account *account) { pthread_mutex_lock(&account->lock); }
void credit(struct account *account) { pthread_mutex_lock(&account->lock); }
void write_journal(void) { pthread_mutex_lock(&journal); }
void transfer(void) { debit(&accounts[0]); credit(&accounts[1]); }
void audit(void) { write_journal(); transfer(); }

int main(void)
{
    open_account(&accounts[0]);
    audit();
    return 0;
}
