"""One file for each subject: it reads the request, calls one action or query, and answers."""
