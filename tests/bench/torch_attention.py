"""Times attention in PyTorch on one thread: prints the BLAS it multiplies with, then a line "T seconds" each.

Processor time, the least of many runs, as in main.cpp.
"""

import time

import torch

torch.set_num_threads(1)
torch.manual_seed(0)


def least_time(T, runs):
    q, k, v = (torch.randn(T, 64) for _ in range(3))
    best = float("inf")
    for _ in range(runs):
        start = time.thread_time()
        torch.softmax(q @ k.T / 8, -1) @ v
        best = min(best, time.thread_time() - start)
    return best


lengths = {64: 2000, 128: 1000, 256: 500, 512: 200, 1024: 50, 2048: 20, 4096: 12}
times = {T: least_time(T, runs) for T, runs in lengths.items()}
maps = open("/proc/self/maps").read()
blas = "OpenBLAS" if "openblas" in maps else "MKL" if "libmkl" in maps else "reference BLAS"
print(f"PyTorch {torch.__version__} with {blas}")
for T, seconds in times.items():
    print(T, seconds)
