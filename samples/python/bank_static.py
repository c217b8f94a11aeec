"""The bank in Python: two tellers transfer money in opposite directions, each locking the account that pays first. They never work at
once, so the program ends well; lockorder looks at the interpreter from outside, knows nothing of Python, and finds the cycle, since
a threading.Lock is a semaphore that the interpreter waits for.

    lockorder run -- /usr/bin/python3 samples/python/bank_static.py
"""
import threading


class Account:
    def __init__(self, balance):
        self.lock = threading.Lock()
        self.balance = balance


def transfer(source, target, amount):
    with source.lock:
        with target.lock:
            source.balance -= amount
            target.balance += amount


savings, giro = Account(1000), Account(0)
first_is_done = threading.Event()


def transfer_in():
    transfer(savings, giro, 100)
    first_is_done.set()


def transfer_out():
    first_is_done.wait()
    transfer(giro, savings, 50)


tellers = [threading.Thread(target=transfer_in), threading.Thread(target=transfer_out)]
for teller in tellers:
    teller.start()
for teller in tellers:
    teller.join()
print(savings.balance, giro.balance)
