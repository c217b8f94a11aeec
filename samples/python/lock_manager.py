"""The repair in Python: a context manager that takes any number of locks in the order of their ids, and refuses a lock that would come
before one that the thread holds already. The idea that lockorder grew from: here the list of what a thread holds is kept by the
program itself, for locks that are taken this way; the recorder keeps it for every lock of every thread.

    lockorder run -- /usr/bin/python3 samples/python/lock_manager.py
"""
import threading
from contextlib import contextmanager

held = threading.local()


@contextmanager
def acquire(*locks):
    locks = sorted(locks, key=id)
    outer = getattr(held, "locks", [])
    if outer and max(map(id, outer)) >= id(locks[0]):
        raise RuntimeError("this lock comes before one that is held")
    held.locks = outer + locks
    taken = []
    try:
        for lock in locks:
            lock.acquire()
            taken.append(lock)
        yield
    finally:
        for lock in reversed(taken):
            lock.release()
        held.locks = outer


class Account:
    def __init__(self, balance):
        self.lock = threading.Lock()
        self.balance = balance


def transfer(source, target, amount):
    with acquire(source.lock, target.lock):
        source.balance -= amount
        target.balance += amount


accounts = sorted((Account(1000) for _ in range(2)), key=lambda account: id(account.lock))
tellers = [threading.Thread(target=transfer, args=(accounts[0], accounts[1], 100)),
           threading.Thread(target=transfer, args=(accounts[1], accounts[0], 50))]
for teller in tellers:
    teller.start()
for teller in tellers:
    teller.join()
print([account.balance for account in accounts])

with acquire(accounts[1].lock):
    try:
        with acquire(accounts[0].lock):
            print("not refused")
    except RuntimeError as refusal:
        print(refusal)
