"""All programmes as one compiled function over columns, for populations that are worth it.

The formulas are run once over arrays that only note what is asked of them (`recording.py`); of what they noted one
function is written (`ordering.py`, `text.py`, `writing.py`), made by LLVM (`machine.py`) and called for blocks of
households that fit the processor's cache, on as many threads as are wanted (`blocks.py`, `running.py`).
`evaluation.py` has the same answers from NumPy; whatever can't be recorded is left to it.
"""
