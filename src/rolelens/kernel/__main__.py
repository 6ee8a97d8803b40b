"""Compile the kernel and keep it on disk, for the processes to come."""

from rolelens.artifact import read_model
from rolelens.kernel import Kernel
from rolelens.paths import data_path
from rolelens.records import Posting

Kernel(read_model(data_path("models/default"))).score([Posting("")], least_words=0, shown=0)
