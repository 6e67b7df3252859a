"""The service hall: appointments, tickets, calling, waiting times. The rule of calling stands in `calling`."""
