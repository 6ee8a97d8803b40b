from rolelens.reading.kinds cimport CHARACTER, NEWLINE, UNUSUAL, UPPER
