/* The parts of the text report; text.c puts them together. */
#ifndef LOCKORDER_ANALYZER_REPORT_TEXT_H
#define LOCKORDER_ANALYZER_REPORT_TEXT_H

#include "report.h"

struct text_writer {
    const struct report *report;
    const struct terminal *terminal;
    FILE *stream;
    uint32_t processes_with_findings;
};

struct text_writer text_writer_new(const struct report *report, const struct terminal *terminal);

/* printf, whose arguments are put through program_text_print: terminal escapes in them do nothing. */
void text_print(const struct text_writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* `thread 2 "transfer_in"`, `thread 1 (main)`. The caller frees. */
char *text_thread_label(const struct thread *thread);

/* The same of a step's thread, with its process where the finding's threads are of several. The caller frees. */
char *text_step_label(const struct text_writer *writer, const struct finding *finding, struct thread_id thread);

/* "bank.c:34 transfer". The caller frees. */
char *text_place(const struct text_writer *writer, struct context_id context);

/* A line for each frame; `=>` marks the one that matters. */
void text_write_stack(const struct text_writer *writer, struct context_id context);

void text_end_line(const struct text_writer *writer);

/* The first line: what was found where, and the worst of it. */
void text_write_conclusion(const struct text_writer *writer);

/* A whole finding: in full, or its lines only. */
void text_write_finding(const struct text_writer *writer, const struct finding *finding, uint32_t number,
                        enum report_detail detail);

/* "./bank (pid 4711)". */
void text_print_process(const struct text_writer *writer, struct process_id process);

/* A hazard or a misuse: the lines of its sides, and then their stacks. */
void text_write_event_lines(const struct text_writer *writer, const struct finding *finding);
void text_write_event_stacks(const struct text_writer *writer, const struct finding *finding);

/* One of the two things that an event tells, by a sentence of event_words.h. The caller frees. */
char *text_event_sentence(const struct text_writer *writer, const struct finding *finding, const char *template);

/* How the threads of a finding run into it, drawn with one column for each; nothing where the columns do not fit the terminal. */
void text_write_schedule(const struct text_writer *writer, const struct finding *finding);

/* Of a proven finding: the run's own calls, in the order that ends in the deadlock. */
void text_write_proof(const struct text_writer *writer, const struct finding *finding);

/* "; 1 of them elsewhere; 2 in the baseline; 3 suppressed": what is folded, for the end of the conclusion. */
void text_print_known_counts(const struct text_writer *writer);

/* Whether the finding is told in one line: it is known, or elsewhere. */
bool text_is_folded(const struct finding *finding);

/* A line for each folded finding, and for each remark. */
void text_write_known(const struct text_writer *writer);

/* How contended the locks were, if the user wants to know. */
void text_write_statistics(const struct text_writer *writer);

/* The last lines: what was seen; in a full report, also what was cut and what cannot be seen. */
void text_write_coverage(const struct text_writer *writer, enum report_detail detail);

#endif
