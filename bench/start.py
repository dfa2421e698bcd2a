"""Starts the server a few times: milliseconds to its first answer, and resident memory.

The first start of each run makes the database; the later ones open it.
"""

import subprocess
import sys
import time
import urllib.request

program, data, port = sys.argv[1:4]


def first_answer(process):
    begun = time.monotonic()
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                answer.read()
            return (time.monotonic() - begun) * 1000
        except OSError:
            if process.poll() is not None:
                sys.exit(f"the server ended: {process.returncode}")
            time.sleep(0.002)


def resident(process):
    with open(f"/proc/{process.pid}/status") as status:
        for line in status:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0.0


def load():
    for _ in range(2000):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5) as answer:
            answer.read()


for run in range(5):
    process = subprocess.Popen(
        [program, "serve", "--data", data],
        env={"BELLWETHER_LISTEN": f"127.0.0.1:{port}", "BELLWETHER_LOG__LEVEL": "warn"},
        stdout=subprocess.DEVNULL,
    )
    millis = first_answer(process)
    time.sleep(1)
    line = f"start {run + 1}: {millis:.0f} ms to the first answer, {resident(process):.0f} MB idle"
    if run == 4:
        load()
        line += f", {resident(process):.0f} MB after 2,000 pages"
    print(line)
    process.terminate()
    process.wait()
