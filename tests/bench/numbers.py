#!/usr/bin/python3
"""numbers.py ROWS: pairs of policy numbers for `vorpost number compare --batch`, half of them the same number spelled twice."""
import random
import sys

rng = random.Random(7)
vus = ["5312", "5343", "5992", "9999", "1234"]
out = ["left_vu,left,right_vu,right"]


def spelled(number):
    kind = rng.randrange(6)
    if kind == 0:
        return number.lower()
    if kind == 1:
        return f"{number[:2]}-{number[2:5]}.{number[5:]}"
    if kind == 2:
        return f"{number[:2]} {number[2:6]} {number[6:]}"
    if kind == 3:
        return f"{number[:3]}/{number[3:]}"
    if kind == 4:
        return f" {number} "
    return number


for _ in range(int(sys.argv[1])):
    vu = rng.choice(vus)
    number = rng.choice(["", "AS", "LH", "K"]) + "".join(rng.choice("0123456789") for _ in range(rng.choice([8, 9, 10, 11])))
    other = number if rng.random() < 0.5 else number[:-1] + rng.choice("0123456789")
    out.append(f"{vu},{spelled(number)},{vu},{spelled(other)}")
print("\n".join(out))
