from rolelens.reading.kinds cimport UNUSUAL, UPPER
