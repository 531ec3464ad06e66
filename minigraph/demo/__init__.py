"""The demo: the lecture worked through, its theorem confirmed, iris trained, the pictures drawn.

What computes (`figures`, `theorem`, `training`) returns data; `report` puts it on a `page`.
"""
