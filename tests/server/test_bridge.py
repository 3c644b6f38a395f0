"""The bridge before a real server: bodies, answers, and the many ways in which the other side misbehaves."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.settings import ROOT
from tests.server.bridged import MOST_LONG


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """Port and process of the server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "tests.server.bridged:create", "--factory", "--interface", "asginl",
               "--host", "127.0.0.1", "--port", str(port), "--no-ws"]  # fmt: skip
    log = tmp_path_factory.mktemp("bridge") / "log"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT, env=environment
        )
    try:
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < end and process.poll() is None, Path(log).read_text()
                time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def connect(server: tuple[int, int]) -> closing[http.client.HTTPConnection]:
    return closing(http.client.HTTPConnection("127.0.0.1", server[0], timeout=30))


def ask(
    server: tuple[int, int], method: str, path: str, **given: Any
) -> tuple[http.client.HTTPResponse, bytes]:
    with connect(server) as connection:
        connection.request(method, path, **given)
        answer = connection.getresponse()
        return answer, answer.read()


def told(body: bytes) -> dict[str, Any]:
    return dict(json.loads(body))


def test_the_environment_of_a_request(server: tuple[int, int]) -> None:
    headers = {
        "X-One-Two": "3",
        "Content-Type": "text/plain",
        "Cookie": "a=1",
        "X_One_Two": "forged",
        "Host": "h:9",
    }
    answer, body = ask(server, "POST", "/%E8%B7%AF/a%2Fb?q=%E8%B7%AF", body=b"abc", headers=headers)
    environ = told(body)["environ"]
    assert answer.status == 200 and answer.msg.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/路/a/b"
    assert environ["QUERY_STRING"] == "q=%E8%B7%AF" and environ["REQUEST_METHOD"] == "POST"
    assert (
        environ["HTTP_X_ONE_TWO"] == "3" and environ["HTTP_COOKIE"] == "a=1" and environ["HTTP_HOST"] == "h:9"
    )
    assert environ["CONTENT_TYPE"] == "text/plain" and environ["CONTENT_LENGTH"] == "3"
    assert environ["REMOTE_ADDR"] == "127.0.0.1" and environ["SCRIPT_NAME"] == ""
    assert environ["SERVER_PROTOCOL"] == "HTTP/1.1" and environ["wsgi.url_scheme"] == "http"


def test_no_body_is_no_length(server: tuple[int, int]) -> None:
    for method in ("GET", "DELETE", "OPTIONS"):
        found = told(ask(server, method, "/")[1])
        assert found["size"] == 0 and "CONTENT_LENGTH" not in found["environ"]


def test_a_body_in_chunks_has_a_length_when_it_is_here(server: tuple[int, int]) -> None:
    pieces = [b"x" * 70_000, b"y" * 5, b"z" * 30_000]
    _, body = ask(
        server, "POST", "/", body=iter(pieces), encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
    )
    found = told(body)
    assert found["size"] == 100_005 and found["sha256"] == hashlib.sha256(b"".join(pieces)).hexdigest()
    assert found["environ"]["CONTENT_LENGTH"] == "100005" and "HTTP_TRANSFER_ENCODING" not in found["environ"]


@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_too_long_is_refused_with_an_answer(server: tuple[int, int], chunked: bool) -> None:
    body = b"x" * (3 << 20)
    given = (
        {"body": iter([body]), "encode_chunked": True, "headers": {"Transfer-Encoding": "chunked"}}
        if chunked
        else {"body": body}
    )
    answer, said = ask(server, "POST", "/", **given)
    assert (answer.status, said) == (413, b"too long")


def test_a_long_body_lies_on_disk(server: tuple[int, int]) -> None:
    before, body = memory(server), os.urandom(1 << 20) * 60
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: told(ask(server, "POST", "/long", body=body)[1]), range(4)))
    assert [one["size"] for one in found] == [len(body)] * 4
    assert {one["sha256"] for one in found} == {hashlib.sha256(body).hexdigest()}
    assert len(body) < MOST_LONG and memory(server) - before < 60


def test_a_long_answer_comes_whole_and_is_never_whole_in_memory(server: tuple[int, int]) -> None:
    before = memory(server)
    answer, body = ask(server, "GET", "/large?4000")
    assert answer.headers["Content-Length"] == str(4000 * 50_000) == str(len(body))
    assert body[-1] == 3999 % 251 and body[50_000 * 1234] == 1234 % 251
    assert memory(server) - before < 60


def test_head_says_the_length_and_sends_nothing(server: tuple[int, int]) -> None:
    answer, body = ask(server, "HEAD", "/large?7")
    assert (answer.status, answer.headers["Content-Length"], body) == (200, "350000", b"")


def test_an_answer_without_content(server: tuple[int, int]) -> None:
    answer, body = ask(server, "GET", "/nothing")
    assert (answer.status, body) == (204, b"")


def test_one_connection_carries_many_requests(server: tuple[int, int]) -> None:
    with connect(server) as connection:
        ports = set()
        for number in range(20):
            connection.request("POST", "/", body=b"x" * number)
            assert told(connection.getresponse().read())["size"] == number
            ports.add(connection.sock.getsockname()[1])
        assert len(ports) == 1


def test_a_fault_of_the_application_is_an_answer_and_the_next_request_works(server: tuple[int, int]) -> None:
    assert ask(server, "GET", "/broken")[0].status == 500
    assert ask(server, "GET", "/")[0].status == 200


def test_slow_senders_and_readers_hold_no_thread(server: tuple[int, int]) -> None:
    """With four threads, twenty half-sent bodies and twenty answers that nobody reads."""
    idle = []
    for number in range(40):
        connection = socket.create_connection(("127.0.0.1", server[0]), 10)
        if number % 2:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nhalf")
        else:
            connection.sendall(b"GET /large?4000 HTTP/1.1\r\nHost: h\r\n\r\n")
        idle.append(connection)
    time.sleep(0.5)
    begun = time.monotonic()
    assert ask(server, "GET", "/")[0].status == 200
    assert time.monotonic() - begun < 2
    for connection in idle:
        connection.close()


def test_whoever_hangs_up_leaves_nothing_behind(server: tuple[int, int]) -> None:
    before = settled(lambda: worker(server).num_fds())
    head = b"POST /long HTTP/1.1\r\nHost: h\r\nContent-Length: 60000000\r\n\r\n"
    hanging = [socket.create_connection(("127.0.0.1", server[0]), 10) for _ in range(10)]
    for connection in hanging:
        connection.sendall(head + b"x" * (2 << 20))
    wait_until(lambda: worker(server).num_fds() >= before + 20)  # a connection and a file for each
    for connection in hanging:
        connection.close()
    wait_until(lambda: worker(server).num_fds() <= before)


def test_every_answer_is_closed_once(server: tuple[int, int]) -> None:
    """A short one, a long one, and one that nobody waits for the end of."""
    for pieces in (0, 1, 40):
        assert len(ask(server, "GET", f"/counted?{pieces}")[1]) == pieces * 50_000
    assert json.loads(ask(server, "GET", "/counts")[1]) == [3, 3]
    left = socket.create_connection(("127.0.0.1", server[0]), 10)
    left.sendall(b"GET /counted?400 HTTP/1.1\r\nHost: h\r\n\r\n")
    assert left.recv(100)
    left.close()
    wait_until(lambda: json.loads(ask(server, "GET", "/counts")[1]) == [4, 4])


def settled(figure: Callable[[], int]) -> int:
    """A figure once it has been the same for a second."""
    seen, since = figure(), time.monotonic()
    while time.monotonic() - since < 1:
        if (now := figure()) != seen:
            seen, since = now, time.monotonic()
        time.sleep(0.05)
    return seen


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_requests_are_served_beside_each_other(server: tuple[int, int]) -> None:
    begun = time.monotonic()
    threads = [threading.Thread(target=ask, args=(server, "GET", "/slow")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - begun < 1.0


def worker(server: tuple[int, int]) -> psutil.Process:
    children = psutil.Process(server[1]).children(recursive=True)
    return max(children, key=lambda child: child.memory_info().rss)


def memory(server: tuple[int, int]) -> float:
    """Megabytes of the worker."""
    return worker(server).memory_info().rss / 1e6
