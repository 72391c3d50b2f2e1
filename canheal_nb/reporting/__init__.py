"""Reports: a question's notebook, run once, becomes one HTML page and one typeset PDF.

Importing this package loads nothing; papermill, nbconvert and WeasyPrint are loaded only by the
functions that use them.
"""
