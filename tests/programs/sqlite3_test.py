"""sqlite3: a script of 100,000 inserts."""

from program_case import ProgramCase, main

ROWS = 100_000
ROWS_OF_A_TRANSACTION = 1_000


class Sqlite3(ProgramCase):
    needs = [("sqlite3", "sqlite3")]

    def prepare(self, folder):
        with open(folder / "script.sql", "w", encoding="ascii") as script:
            script.write("PRAGMA synchronous = OFF;\n"
                         "CREATE TABLE payment(id INTEGER PRIMARY KEY, account INTEGER, amount REAL);\n"
                         "CREATE INDEX by_account ON payment(account);\n")
            for row in range(ROWS):
                if row % ROWS_OF_A_TRANSACTION == 0:
                    script.write("BEGIN;\n")
                script.write(f"INSERT INTO payment(account, amount) VALUES({row * 7919 % 997}, {row}.25);\n")
                if row % ROWS_OF_A_TRANSACTION == ROWS_OF_A_TRANSACTION - 1:
                    script.write("COMMIT;\n")
            script.write("SELECT count(*), sum(amount), count(DISTINCT account) FROM payment;\n"
                         "SELECT account, count(*) FROM payment GROUP BY account ORDER BY 2 DESC, 1 LIMIT 20;\n"
                         "PRAGMA integrity_check;\n")

    def command(self, folder):
        return ["sqlite3", "payments.db"]

    def input(self, folder):
        return folder / "script.sql"


class Sqlite3Refuses(ProgramCase):
    """A script with an error: the exit status is not 0, and must stay what it is."""

    needs = Sqlite3.needs

    def command(self, folder):
        return ["sqlite3", "-bail", "payments.db", "SELECT 1; SELECT * FROM nowhere; SELECT 2;"]


main(Sqlite3(), Sqlite3Refuses())
