/* Files that are not finished: removed when the command ends before they are, by itself or by Ctrl-C, SIGTERM or SIGHUP. */
#ifndef LOCKORDER_ANALYZER_CLI_TEMPORARIES_H
#define LOCKORDER_ANALYZER_CLI_TEMPORARIES_H

/* The path must stay until it is forgotten. */
void temporaries_remember(const char *path);
void temporaries_forget(const char *path);

#endif
