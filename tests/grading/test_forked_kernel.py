"""A forked kernel is what a kernel of its own would be, is there at once, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import psutil
import pytest
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from notebooks.stored_outputs import peak

from dlcourse.grading import forked_kernel

pytestmark = pytest.mark.xdist_group("forked kernels")  # they share a server
FORKED, ORDINARY = forked_kernel.NAME, "local-provisioner"


class Kernel:
    """A kernel, and somebody who talks to it."""

    def __init__(self, **options):
        self.manager = KernelManager()
        self.manager.start_kernel(**options)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    @property
    def process(self):
        """As its provisioner knows it."""
        return self.manager.provisioner.process

    @property
    def server(self):
        """The process that it was forked from."""
        return psutil.Process(self.process.pid).parent()

    def run(self, program, *, on_text=None):
        """What a program says, by where it says it."""
        texts = {}

        def hear(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                place, text = content["name"], content["text"]
                if on_text:
                    on_text()
            elif message["msg_type"] == "error":
                place, text = "error", f"{content['ename']}: {content['evalue']}"
            elif "data" in content:
                place, text = message["msg_type"], content["data"]["text/plain"]
            else:
                return
            texts[place] = texts.get(place, "") + text

        self.client.execute_interactive(program, output_hook=hear, timeout=60, allow_stdin=False)
        return texts

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


@pytest.fixture
def started():
    """Starts kernels, and ends them."""
    kernels = []

    def start(provisioner=FORKED, **options):
        with default_provisioner(provisioner):
            kernels.append(Kernel(**options))
        return kernels[-1]

    yield start
    for kernel in kernels:
        kernel.close()


@contextmanager
def default_provisioner(name):
    factory = KernelProvisionerFactory.instance()
    before, factory.default_provisioner_name = factory.default_provisioner_name, name
    try:
        yield
    finally:
        factory.default_provisioner_name = before


def is_forked(kernel):
    return isinstance(kernel.process, forked_kernel.ForkedProcess)


PROGRAMS = [
    # what a process is born with
    """
import os, signal, sys, threading
print(__name__, sys.argv[0], len(sys.argv), os.getcwd(), os.getpid() == os.getpgrp() == os.getsid(0))
print(sys.path, sys.flags, sys.executable, os.read(0, 1), os.environ["JPY_PARENT_PID"] == str(os.getppid()))
print([signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)])
print(threading.active_count(), os.environ["OF_THIS_KERNEL"], os.environ.get("TF_ENABLE_ONEDNN_OPTS"))
""",
    # what the libraries have found where they were imported
    """
import logging, os, sys, warnings
import absl.logging, keras, matplotlib
import tensorflow as tf
from tensorflow.python.util import _pywrap_util_port
tf.get_logger().warning("of TensorFlow")
warnings.warn("of Python")
logging.getLogger("tornado").warning("of tornado")
print([handler.stream in (sys.stdout, sys.stderr) for handler in tf.get_logger().handlers], tf.get_logger().level)
print(absl.logging.get_absl_handler().python_handler.stream is sys.stderr, logging.root.handlers)
print(matplotlib.get_backend(), keras.config.backend(), sys.ps1)
print(_pywrap_util_port.IsMklEnabled())
print({name: value for name, value in sorted(os.environ.items()) if not name.startswith("JPY_")})
""",
    # what is learned
    """
import keras, numpy as np
keras.utils.set_random_seed(3)
x = np.linspace(-1, 1, 64)[:, None]
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(1)])
model.compile("adam", "mse")
history = model.fit(x, x**2, epochs=3, verbose=0)
print(history.history, model.predict(x[:3], verbose=0))
""",
    "import sys\nprint('aside', file=sys.stderr)\n'a result'",
    "import os\n_ = os.system('echo of another process; echo aside >&2')",
    "1 / 0",
]


@pytest.mark.parametrize("environment", [{}, {"TF_ENABLE_ONEDNN_OPTS": "0"}], ids=["oneDNN", "no oneDNN"])
def test_all_is_as_in_a_kernel_of_its_own(started, tmp_path, environment):
    options = {"cwd": str(tmp_path), "env": os.environ | environment | {"OF_THIS_KERNEL": "yes"}}
    forked, ordinary = started(FORKED, **options), started(ORDINARY, **options)
    assert is_forked(forked)
    assert not is_forked(ordinary)
    for program in PROGRAMS:
        assert without_number(forked.run(program)) == without_number(ordinary.run(program))


def without_number(texts):
    """What a kernel says but for the number of its process, which stands in the name of a cell."""
    return {place: re.sub(r"ipykernel_\d+", "ipykernel_", text) for place, text in texts.items()}


def test_no_two_have_random_numbers_in_common(started):
    program = """
import random, uuid, keras, numpy as np, tensorflow as tf
dense = keras.layers.Dense(1)
dense.build((None, 1))
print(random.random(), uuid.uuid4(), np.random.random(), np.random.default_rng().random(), end=" ")
print(float(keras.random.uniform(())), float(dense.kernel[0, 0]), end=" ")
print(float(tf.random.uniform(())), float(tf.random.get_global_generator().uniform(())))
"""
    first, second = (started().run(program)["stdout"].split() for _ in range(2))
    assert len(set(first + second)) == 2 * 8


def test_it_is_interrupted_and_goes_on(started):
    kernel = started()
    texts = kernel.run("print('begun', flush=True)\nwhile True: pass", on_text=kernel.manager.interrupt_kernel)
    assert texts["error"].startswith("KeyboardInterrupt")
    assert kernel.run("1 + 1") == {"execute_result": "2"}


@pytest.mark.parametrize("now", [False, True], ids=["when it is ready", "now"])
def test_it_is_restarted(started, now):
    kernel = started()
    kernel.run("x = 1")
    before = kernel.process
    kernel.manager.restart_kernel(now=now)
    kernel.client.wait_for_ready(timeout=60)
    assert before.returncode is not None
    assert is_forked(kernel)
    assert kernel.run("x")["error"].startswith("NameError")


def test_its_exit_code_is_told(started):
    kernel = started()
    kernel.client.execute("import os\nos._exit(3)")
    assert kernel.process.wait() == 3
    assert not kernel.manager.is_alive()


def test_two_run_at_once_and_know_nothing_of_each_other(started, tmp_path):
    first, second = started(), started()
    first.client.execute(f"import os\nwhile not os.path.exists('{tmp_path}/flag'): pass\nx = 1")
    assert second.run(f"open('{tmp_path}/flag', 'w').close()\nx")["error"].startswith("NameError")
    assert first.run("x") == {"execute_result": "1"}


def test_its_most_memory_is_its_own(started):
    first, second = started(), started()
    before = peak(first.process.pid), peak(second.process.pid)
    first.run("block = b'1' * 300_000_000\ndel block")
    assert 290 < peak(first.process.pid) - before[0] < 350
    assert peak(second.process.pid) - before[1] < 20


def test_what_it_has_started_ends_with_it(started):
    kernel = started()
    child = psutil.Process(
        int(kernel.run("import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)")["stdout"])
    )
    kernel.manager.shutdown_kernel(now=True)
    gone, _ = psutil.wait_procs([child], timeout=30)
    assert gone


def test_it_dies_with_its_server_and_the_next_has_another(started):
    kernel = started()
    server = kernel.server
    server.kill()
    assert kernel.process.wait() == -signal.SIGKILL
    assert not kernel.manager.is_alive()
    again = started()
    assert is_forked(again)
    assert again.server != server
    assert again.run("1 + 1") == {"execute_result": "2"}


OWNER = """
import subprocess, sys, time
from jupyter_client.manager import KernelManager
manager = KernelManager()
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
client.execute_interactive("import os, subprocess\\nchild = subprocess.Popen(['sleep', '600'])")
client.execute_interactive("print(os.getppid(), os.getpid(), child.pid)")
sys.stdout.flush()
time.sleep(600)
"""


def test_all_end_when_their_owner_is_killed():
    environment = os.environ | {"JUPYTER_DEFAULT_PROVISIONER_NAME": FORKED}
    with subprocess.Popen([sys.executable, "-c", OWNER], env=environment, stdout=subprocess.PIPE, text=True) as owner:
        server, kernel, child = (psutil.Process(int(number)) for number in owner.stdout.readline().split())
        assert (kernel.parent(), server.parent().pid) == (server, owner.pid)
        owner.kill()
        _, alive = psutil.wait_procs([server, kernel, child], timeout=30)
        assert alive == []


def test_no_descriptor_and_no_process_is_left_behind(started):
    server = started().server
    counts = []
    for _ in range(4):
        with default_provisioner(FORKED):
            kernel = Kernel()  # the server has put away what ended before this
        counts.append((psutil.Process().num_fds(), server.num_fds(), len(server.children())))
        kernel.close()
    assert counts[1:] == counts[1:2] * 3


@pytest.mark.parametrize(
    ("platform", "options"),
    [
        ("darwin", {}),
        ("linux", {"independent": True}),
        ("linux", {"stdout": subprocess.PIPE}),
        ("linux", {"env": os.environ | {"KERAS_BACKEND": "none"}}),
    ],
    ids=["another system", "to outlive its owner", "a pipe", "no server comes up"],
)
def test_where_none_can_be_forked_one_is_started_without_a_word(started, monkeypatch, capfd, caplog, platform, options):
    monkeypatch.setattr(forked_kernel, "sys", SimpleNamespace(platform=platform, executable=sys.executable))
    kernel = started(**{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | options)
    assert not is_forked(kernel)
    assert kernel.run("1 + 1") == {"execute_result": "2"}
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
