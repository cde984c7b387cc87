from __future__ import annotations

import os
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from pmpsmart import APIError, JSONOrder, Order, OutcomeUnknownError, PMPSmart
from sandbox import SandboxTestCase, World

ORDER: dict[str, Any] = {"code": "PMP-3903001", "data": {"items": [{"sku": "KOPI", "qty": 2}]}, "status": "completed"}


def new_client(world: World, **settings: Any) -> PMPSmart:
    account = {"base_url": world.base_url, "email": world.email, "password": world.password}
    return PMPSmart(**{**account, "wait": lambda seconds: None, **settings})


class TestPMPSmart(SandboxTestCase):
    def test_orders_of_a_day(self) -> None:
        styles = {"plain": 1, "strings": 1, "paginated": 3, "cursor": 3, "resources": 3, "loose": 1}
        for style, pages in styles.items():
            with self.subTest(style):
                world = self.new_world(empty=True, style=style, per_page=2)
                order = {"status": "open", "date_order": "2031-01-02", "outlet_id": 7}
                items = [{"qty": 2, "harga": 14500}]
                world.post("orders", [{**order, "id": n, "kode_order": f"PMP-{n}", "items": items} for n in range(1, 6)])
                world.post("orders", [{**order, "id": 6, "kode_order": "PMP-6", "date_order": "2031-01-01"}])

                orders = sorted(new_client(world).orders(date=date(2031, 1, 2)), key=lambda order: order.id)

                self.assertEqual([order.code for order in orders], ["PMP-1", "PMP-2", "PMP-3", "PMP-4", "PMP-5"])
                self.assertEqual(orders[0], Order(1, "PMP-1", "open", "2031-01-02", 7, 29000))
                self.assertEqual(len(world.requests("ListOrders")), pages)

    def test_lost_answer(self) -> None:
        """An insert whose answer is lost is not repeated."""
        world = self.new_world(empty=True)
        world.fail({"op": "InsertJSONOrder", "kind": "lost answer"})

        _, created = new_client(world).ensure_json_order(**ORDER)

        self.assertTrue(created)
        self.assertEqual(len(world.get("json-orders")["records"]), 1)
        inserts = world.requests("InsertJSONOrder")
        self.assertEqual([request["fault"] for request in inserts], ["lost answer"])

    def test_insert_that_was_not_done(self) -> None:
        world = self.new_world(empty=True)
        world.fail(
            {"op": "InsertJSONOrder", "kind": "reset"},
            {"op": "InsertJSONOrder", "kind": "answer", "status": 500},
        )

        _, created = new_client(world).ensure_json_order(**ORDER)

        self.assertTrue(created)
        self.assertEqual(len(world.get("json-orders")["records"]), 1)
        self.assertEqual(len(world.requests("InsertJSONOrder")), 3)

    def test_insert_without_any_answer(self) -> None:
        world = self.new_world(empty=True)
        world.fail(*[{"op": "InsertJSONOrder", "kind": "reset"}] * 3)

        with self.assertRaises(OutcomeUnknownError):
            new_client(world, max_attempts=3).ensure_json_order(**ORDER)

    def test_order_that_is_there(self) -> None:
        world = self.new_world(empty=True)
        client = new_client(world)
        first, _ = client.ensure_json_order(**ORDER)

        second, created = client.ensure_json_order(**ORDER)

        self.assertFalse(created)
        self.assertEqual(second, first)
        self.assertEqual(second, JSONOrder(id=1, **ORDER))
        self.assertEqual(len(world.requests("InsertJSONOrder")), 1)

    def test_expired_token(self) -> None:
        """It is renewed, once for all threads."""
        world = self.new_world(seed=10)
        client = new_client(world)
        list(client.orders())
        world.post("tokens/expire")

        with ThreadPoolExecutor() as pool:
            lengths = list(pool.map(lambda _: len(list(client.orders())), range(3)))

        self.assertEqual(lengths, [10, 10, 10])
        self.assertEqual(world.get("logins"), {"logins": 2})

    def test_retry_after(self) -> None:
        world = self.new_world(seed=10)
        world.fail({"op": "ListOrders", "kind": "answer", "status": 429, "header": {"Retry-After": ["7"]}})
        waits: list[float] = []

        orders = list(new_client(world, wait=waits.append).orders())

        self.assertEqual(len(orders), 10)
        self.assertEqual(waits, [7])

    def test_long_maintenance(self) -> None:
        """It is told at once."""
        world = self.new_world(seed=10)
        client = new_client(world)
        client.login()
        world.post("down", {"retry_after_s": 600})

        with self.assertRaises(APIError) as caught:
            list(client.orders())

        self.assertEqual((caught.exception.status, caught.exception.retry_after), (503, 600))
        world.post("up")
        self.assertEqual(len(list(client.orders())), 10)

    def test_refusals(self) -> None:
        """They say what the server says."""
        world = self.new_world()

        with self.assertRaises(APIError) as caught:
            new_client(world).ensure_json_order(**{**ORDER, "status": ""})
        self.assertEqual(caught.exception.status, 422)
        self.assertEqual(caught.exception.fields, {"status": ["The status field is required."]})
        self.assertEqual(
            str(caught.exception),
            "insert order: 422 The given data was invalid. (status: The status field is required.)",
        )

        client = new_client(world, password="keliru")
        with self.assertRaisesRegex(APIError, "^log in: 401 Email atau password salah$"):
            client.login()
        world.post("style", {"style": "failure=false"})
        with self.assertRaisesRegex(APIError, "^log in: 200 Email atau password salah$"):
            client.login()

    def test_fault_that_no_request_meets(self) -> None:
        world = World(self.sandbox)
        world.fail({"op": "GetOrder", "kind": "reset"})

        self.assertEqual([fault["op"] for fault in world.end()], ["GetOrder"])

    def test_program(self) -> None:
        world = self.new_world(seed=200)
        account = {"PMPSMART_BASE_URL": world.base_url, "PMPSMART_EMAIL": world.email, "PMPSMART_PASSWORD": world.password}

        def run(*args: str) -> tuple[int, str, str]:
            command = [sys.executable, str(Path(__file__).with_name("orders.py")), *args]
            done = subprocess.run(command, env={**os.environ, **account}, capture_output=True, text=True)
            return done.returncode, done.stdout, done.stderr

        status, output, _ = run("today")
        self.assertEqual(status, 0)
        self.assertRegex(output, r"\A(PMP-\d{7}  (open|pending|complete|cancel) +\d+\n)+\Z")
        self.assertEqual(run("insert", "K1", '{"a":1}'), (0, "K1 inserted\n", ""))
        self.assertEqual(run("insert", "K1", '{"a":1}'), (0, "K1 was there already\n", ""))
        self.assertEqual(run("insert", "K1", '{"a":2}'), (1, "", "order K1 is there already, with other data\n"))


if __name__ == "__main__":
    unittest.main()
