"""The load test asks servers of a few lines, which count what they were asked."""

import asyncio
import contextlib
import threading

import pytest

from dlcourse.deploy.load import load_test
from dlcourse.errors import CourseError

BODY = bytes(range(100))


@contextlib.contextmanager
def server(answer):
    """A server on a free port; `answer(number, writer)` answers request number so much of all connections."""
    asked, loop, ready, port = [], asyncio.new_event_loop(), threading.Event(), []

    async def talk(reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                asked.append((head, await reader.readexactly(len(BODY))))
                await answer(len(asked), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def run():
        asyncio.set_event_loop(loop)
        listening = loop.run_until_complete(asyncio.start_server(talk, "127.0.0.1", 0))
        port.append(listening.sockets[0].getsockname()[1])
        ready.set()
        loop.run_forever()
        listening.close()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(asyncio.sleep(0))  # the transports say goodbye
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait()
    try:
        yield f"http://127.0.0.1:{port[0]}/predict", asked
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def yes(number, writer):
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")


def test_every_answer_is_counted_and_what_was_sent_arrives():
    with server(yes) as (address, asked):
        load = load_test(f"{address}?dtype=uint8", BODY, clients=3, seconds=0.2)
    assert len(load.waited) == len(asked) >= 3
    assert load.refused == 0
    assert {body for _, body in asked} == {BODY}
    assert asked[0][0].startswith(b"POST /predict?dtype=uint8 HTTP/1.1\r\n")


def test_waiting_adds_up_to_the_time_of_all_clients():
    """Little's law: each client waits all the time."""
    with server(yes) as (address, _):
        load = load_test(address, BODY, clients=4, seconds=0.3)
    assert 0.8 * 4 < load.rate * load.waited.mean() <= 4
    assert load.milliseconds(50) <= load.milliseconds(95) <= load.milliseconds(99)


def test_an_answer_in_pieces_is_one_answer_and_its_wait_ends_with_the_last_piece():
    async def slowly(number, writer):
        for piece in (b"HTTP/1.1 200 OK\r\nContent-", b"Length: 4\r\n\r\n{", b"  }"):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)

    with server(slowly) as (address, asked):
        load = load_test(address, BODY, clients=1, seconds=0.1)
    assert len(load.waited) == len(asked)
    assert load.waited.min() > 0.035


def test_refusals_are_counted():
    async def every_other(number, writer):
        status = b"200 OK" if number % 2 else b"503 Service Unavailable"
        writer.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\n\r\n")

    with server(every_other) as (address, asked):
        load = load_test(address, BODY, clients=1, seconds=0.1)
    assert load.refused == len(asked) // 2


def test_a_server_that_hangs_up_is_told():
    async def hang_up(number, writer):
        writer.close()

    with server(hang_up) as (address, _), pytest.raises(CourseError, match="does not answer"):
        load_test(address, BODY, clients=2, seconds=5)


def test_nobody_there_is_told():
    with server(yes) as (address, _):
        pass
    with pytest.raises(CourseError, match="does not answer"):
        load_test(address, BODY, clients=1, seconds=0.1)


@pytest.mark.parametrize(("address", "clients"), [("predict", 1), ("http://127.0.0.1:1/predict", 0)])
def test_what_makes_no_sense_is_refused(address, clients):
    with pytest.raises(CourseError):
        load_test(address, BODY, clients=clients)
