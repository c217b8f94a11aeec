"""nginx that is told to read its configuration again and again, under the load of its clients: workers come and go, no request is lost."""

import os
import time

from nginx_test import Nginx
from program_case import main


class Reloaded(Nginx):
    rounds = 1500
    seconds = 120
    reloads = 0

    def disturb(self, process, clients):
        while any(client.is_alive() for client in clients):
            os.kill(process, 1)  # SIGHUP
            time.sleep(0.2)


main(Reloaded())
