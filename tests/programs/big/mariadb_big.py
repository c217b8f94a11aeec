"""mariadbd for five minutes under sysbench: transactions that read and write, then ones that only write, then new tables."""

from mariadb_test import Mariadb
from program_case import main


class UnderStress(Mariadb):
    loads = ["oltp_read_write", "oltp_write_only", "oltp_delete", "oltp_update_index", "oltp_read_only"]
    load_seconds = 60
    seconds = 480


main(UnderStress())
