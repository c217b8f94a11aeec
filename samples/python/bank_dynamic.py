"""The same bank where every transfer is in order, source before target, and the accounts are not: the second teller works on two other
accounts. With --hang both work on the same two, and the interpreter hangs for ever; lockorder says so at that moment.

    lockorder run -- /usr/bin/python3 samples/python/bank_dynamic.py
    lockorder run --on-deadlock=exit -- /usr/bin/python3 samples/python/bank_dynamic.py --hang
"""
import sys
import threading


class Account:
    def __init__(self, balance):
        self.lock = threading.Lock()
        self.balance = balance


hangs = sys.argv[1:] == ["--hang"]
accounts = [Account(1000) for _ in range(4)]
first_is_done = threading.Event()
both_hold_one = threading.Barrier(2)


def transfer(source, target, amount):
    with source.lock:
        if hangs:
            both_hold_one.wait()
        with target.lock:
            source.balance -= amount
            target.balance += amount


def transfer_in():
    transfer(accounts[0], accounts[1], 100)
    first_is_done.set()


def transfer_out():
    if not hangs:
        first_is_done.wait()
    source, target = (accounts[1], accounts[0]) if hangs else (accounts[3], accounts[2])
    transfer(source, target, 50)


tellers = [threading.Thread(target=transfer_in), threading.Thread(target=transfer_out)]
for teller in tellers:
    teller.start()
for teller in tellers:
    teller.join()
print([account.balance for account in accounts])
