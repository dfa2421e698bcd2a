"""How long pages take with 3,000 posts: milliseconds at the server's door, one request after the other.

Signs in as the owner that it makes, writes the posts through the API, and asks for each page 200 times.
"""

import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.parse

program, data, port = sys.argv[1:4]
POSTS = 3000
env = {
    "BELLWETHER_LISTEN": f"127.0.0.1:{port}",
    "BELLWETHER_DATA": data,
    "BELLWETHER_LOG__LEVEL": "warn",
    "PATH": os.environ["PATH"],
}
door = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)


def ask(method, path, body=None, **headers):
    door.request(method, path, body, {"Sec-Fetch-Site": "same-origin", **headers})
    answer = door.getresponse()
    return answer, answer.read()


def command(*words, said=""):
    ran = subprocess.run([program, *words], env=env, input=said, capture_output=True, text=True, check=True)
    return ran.stdout


password = "a long way to the bakery"
who = ["--name", "Ada", "--email", "ada@example.org"]
where = ["--organization", "Lune", "--brand", "Lune", "--zone", "Europe/Paris"]
command("owner", "create", *who, *where, said=password)
server = subprocess.Popen([program, "serve"], env=env, stdout=subprocess.DEVNULL)
try:
    while True:
        try:
            ask("GET", "/healthz")
            break
        except OSError:
            door.close()
            time.sleep(0.05)
    form = urllib.parse.urlencode({"email": "ada@example.org", "password": password})
    answer, _ = ask("POST", "/sign-in", form, **{"Content-Type": "application/x-www-form-urlencoded"})
    cookie = answer.getheader("Set-Cookie").split(";")[0]
    home, _ = ask("GET", "/", Cookie=cookie)
    brand = re.search(r"/brands/([0-9a-f-]+)", home.getheader("Location")).group(1)
    made = json.loads(command("token", "create", "--name", "bench", "--scope", "read", "--scope", "write", "--json"))
    bearer = {"Authorization": "Bearer " + made["secret"], "Content-Type": "application/json"}
    for number in range(POSTS):
        text = f"Number {number}: the croissants are out of the oven. #bakery https://example.org/{number}"
        body = json.dumps({"content": {"parts": [{"text": text}]}})
        answer, said = ask("POST", f"/api/v1/workspaces/{brand}/posts", body, **bearer)
        if answer.status >= 300:
            sys.exit(f"a post was not written: {answer.status} {said[:300]}")
    post = json.loads(said)["id"]
    pages = {
        "posts, the newest": f"/brands/{brand}/posts",
        "one post": f"/brands/{brand}/posts/{post}",
        "writing a post": f"/brands/{brand}/compose",
        "channels": f"/brands/{brand}/channels",
        "people": "/people",
    }
    for name, path in pages.items():
        took = []
        for _ in range(200):
            begun = time.perf_counter()
            answer, _ = ask("GET", path, Cookie=cookie)
            took.append((time.perf_counter() - begun) * 1000)
            if answer.status != 200:
                sys.exit(f"{path}: {answer.status}")
        took.sort()
        print(f"{name}: median {statistics.median(took):.1f} ms, p99 {took[197]:.1f} ms")
finally:
    server.terminate()
    server.wait()
