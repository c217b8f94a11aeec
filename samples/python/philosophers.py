"""Five philosophers in Python, each with the left fork first, then the right one. One eats after the other, so all goes well; lockorder
finds the circle of five semaphores.

    lockorder run -- /usr/bin/python3 samples/python/philosophers.py
"""
import threading

PHILOSOPHERS = 5
forks = [threading.Lock() for _ in range(PHILOSOPHERS)]
turns = [threading.Event() for _ in range(PHILOSOPHERS + 1)]


def eat(seat):
    turns[seat].wait()
    with forks[seat]:
        with forks[(seat + 1) % PHILOSOPHERS]:
            pass
    turns[seat + 1].set()


threads = [threading.Thread(target=eat, args=(seat,)) for seat in range(PHILOSOPHERS)]
for thread in threads:
    thread.start()
turns[0].set()
for thread in threads:
    thread.join()
print("all have eaten")
