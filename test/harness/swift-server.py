"""Serves OpenStack Swift with its S3 API on loopback: the proxy with s3api and tempauth, and one
account, one container and one object server with one replica, as Debian ships them. All four run in
this process, on ports that were free, in a folder that is the caller's. The second argument is how many
names a listing holds. Prints the proxy's port, and ends when its standard input does."""
import os
import sys
from socket import IPPROTO_TCP, TCP_NODELAY

import eventlet

eventlet.monkey_patch()

from eventlet import hubs, wsgi
from swift.common.ring import RingBuilder
from swift.common.utils import NullLogger
from swift.common.wsgi import loadapp

folder = sys.argv[1]
sockets = {name: eventlet.listen(("127.0.0.1", 0), backlog=512) for name in ("account", "container", "object", "proxy")}
etc = os.path.join(folder, "etc")
os.makedirs(etc)
os.makedirs(os.path.join(folder, "disk", "d1"))


def write(name, text):
    path = os.path.join(etc, name)
    with open(path, "w") as file:
        file.write(text)
    return path


write("swift.conf", "[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n")

common = f"""[DEFAULT]
swift_dir = {etc}
devices = {folder}/disk
mount_check = false
recon_cache_path = {folder}
log_address = /nonexistent
db_preallocation = no
fallocate_reserve = 0
"""

# On a busy machine, the listing of a bucket would come late, and requests would fail.
PATIENT = "conn_timeout = 30\nnode_timeout = 60\ncontainer_update_timeout = 60\n"

PROXY = f"""[pipeline:main]
pipeline = catch_errors s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
{PATIENT}
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
location = us-east-1
max_bucket_listing = {sys.argv[2]}
[filter:tempauth]
use = egg:swift#tempauth
user_test_alice = secret-of-alice .admin
user_test_eve = secret-of-eve
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""

os.environ["SWIFT_DIR"] = etc
import swift.common.utils as utils

utils.SWIFT_CONF_FILE = os.path.join(etc, "swift.conf")
utils.validate_configuration()

for name in ("account", "container", "object"):
    builder = RingBuilder(4, 1, 1)
    port = sockets[name].getsockname()[1]
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "replication_ip": "127.0.0.1", "replication_port": port, "device": "d1", "weight": 1.0, "meta": ""})
    builder.rebalance()
    builder.get_ring().save(os.path.join(etc, f"{name}.ring.gz"))


class Memory:
    """In memcached's place. Without one, the proxy asks for the account and the bucket every time."""

    def __init__(self):
        self.kept = {}

    def get(self, key, *_, **__):
        return self.kept.get(key)

    def set(self, key, value, *_, **__):
        self.kept[key] = value

    def delete(self, key, *_, **__):
        self.kept.pop(key, None)


def remembering(app, memory):
    def answer(environ, start_response):
        environ["swift.cache"] = memory
        return app(environ, start_response)

    return answer


for name, socket in sockets.items():
    text = PROXY if name == "proxy" else f"[pipeline:main]\npipeline = app\n[app:app]\nuse = egg:swift#{name}\n{PATIENT}"
    app = loadapp(write(f"{name}-server.conf", common + text))
    socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    if name == "proxy":
        app = remembering(app, Memory())
    eventlet.spawn(wsgi.server, socket, app, NullLogger(), custom_pool=eventlet.GreenPool(1000))

print(sockets["proxy"].getsockname()[1], flush=True)
hubs.trampoline(sys.stdin, read=True)
