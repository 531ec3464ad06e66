"""The well-known mistakes in softmax, cross-entropy and their gradient: what each would return.

Each is a few words, and tiny functions that make the mistake. A function that returns the numbers
of a mistake at all the probes, and not the right ones, is taken to make it.
"""
