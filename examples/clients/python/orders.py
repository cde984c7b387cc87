"""Today's orders, and orders from other systems.

PMPSMART_BASE_URL, PMPSMART_EMAIL and PMPSMART_PASSWORD name the server and the account.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import datetime, timedelta, timezone

import pmpsmart

JAKARTA = timezone(timedelta(hours=7))  # where the server counts its days


def print_today(client: pmpsmart.PMPSmart) -> None:
    for order in client.orders(date=datetime.now(JAKARTA).date()):
        total = "" if order.total is None else f"{order.total:.0f}"
        print(f"{order.code}  {order.status:8}  {total:>9}")


def insert(client: pmpsmart.PMPSmart, code: str, text: str) -> None:
    data = json.loads(text)
    order, created = client.ensure_json_order(code, data, "completed")
    if (order.data, order.status) != (data, "completed"):
        sys.exit(f"order {code} is there already, with other data")
    print(f"{code} inserted" if created else f"{code} was there already")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("today", help="list today's orders")
    command = commands.add_parser("insert", help="insert an order unless it is there")
    command.add_argument("code")
    command.add_argument("json")
    args = parser.parse_args()
    try:
        client = pmpsmart.PMPSmart(
            os.environ.get("PMPSMART_BASE_URL") or "https://api.pmpsmart.com/api/v1",
            os.environ["PMPSMART_EMAIL"],
            os.environ["PMPSMART_PASSWORD"],
        )
        if args.command == "today":
            print_today(client)
        else:
            insert(client, args.code, args.json)
    except KeyError as error:
        sys.exit(f"{error.args[0]} is not set")
    except (pmpsmart.Error, ValueError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
