"""Runs the AWS CLI's own code: each call in a fork of this process, which has loaded it already.

Loading it is nearly all of the time that a call of the `aws` program takes. A call is a connection to the Unix socket that
is named on the command line: a line of JSON with `args`, `env` and `cwd`, answered by one with `code`, `stdout` and `stderr`.
"""

import contextlib
import json
import os
import socketserver
import sys
import tempfile

from awscli.clidriver import create_clidriver, main

# Importing the CLI has set it, for itself.
data_path = os.environ["AWS_DATA_PATH"]


def run(args, env, cwd):
    """Runs the CLI as its program does, in this process, which is of no use afterwards."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        os.environ.clear()
        os.environ.update(env, AWS_DATA_PATH=data_path)
        os.chdir(cwd)
        sys.argv = ["aws", *args]
        try:
            code = main()
        except SystemExit as ended:
            code = ended.code
        sys.stdout.flush()
        sys.stderr.flush()
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
        return {"code": code or 0, "stdout": texts[0], "stderr": texts[1]}


class Call(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline()
        if line:
            self.wfile.write(json.dumps(run(**json.loads(line))).encode() + b"\n")


class Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    request_queue_size = 64


# A call that needs nobody imports and reads what all of them need.
with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
    create_clidriver().main(["pinpoint", "get-apps", "--generate-cli-skeleton"])
with Server(sys.argv[1], Call) as server:
    server.serve_forever()
