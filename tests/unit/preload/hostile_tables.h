#ifndef LOCKORDER_TESTS_HOSTILE_TABLES_H
#define LOCKORDER_TESTS_HOSTILE_TABLES_H

typedef void hostile_callee(void *argument);

/* Calls it, from a frame with variables. */
void hostile_call(hostile_callee *callee, void *argument);

#endif
