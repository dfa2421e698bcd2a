# A server that speaks Mastodon's API (mastodon_mock; not Mastodon itself) on 127.0.0.1, with everything in memory and its
# uploads in one temporary folder that is removed at the end. Started by `./run`.
#
# Prints one line of JSON on standard output once it answers: {"server":"http://localhost:1234"}
#
#   MASTODON_PORT      the port to listen on; 0 or absent: a free one
#   END_WITH_STDIN=1   ends when standard input closes, so that a test run that dies takes its server along
#
# Ends on SIGTERM, SIGINT and SIGHUP as well.
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading

import uvicorn
from mastodon_mock.app import create_app
from mastodon_mock.config import AuthConfig, MastodonMockConfig

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(os.environ.get("MASTODON_PORT") or 0)))
place = f"localhost:{listener.getsockname()[1]}"
folder = tempfile.mkdtemp(prefix="bellwether-mastodon-")

# A token may do what its scopes say, as on real servers.
config = MastodonMockConfig(
    domain=place, url_scheme="http", media_storage_path=folder, auth=AuthConfig(enforce_scopes=True)
)


class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(json.dumps({"server": f"http://{place}"}), flush=True)


# Closing waits for open connections, and a test that was killed may have left some: they get two seconds.
settings = uvicorn.Config(
    create_app(config), log_level="error", server_header=False, timeout_graceful_shutdown=2
)
server = Server(settings)
signal.signal(signal.SIGHUP, lambda *_: setattr(server, "should_exit", True))


def wait_for_end():
    sys.stdin.buffer.read()
    server.should_exit = True


if os.environ.get("END_WITH_STDIN") == "1":
    threading.Thread(target=wait_for_end, daemon=True).start()
try:
    server.run(sockets=[listener])
except KeyboardInterrupt:
    pass
finally:
    shutil.rmtree(folder, ignore_errors=True)
