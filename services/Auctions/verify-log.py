#!/usr/bin/env python3
"""Checks the published log of an auction without any code of the market.

Usage: curl -s ADDRESS/api/auctions/ID/log | verify-log.py
       (more than one page: pass the pages one after another, one JSON document a line)

Every record carries the SHA-256 of its fields and of the hash before it; prices rise; a closed log ends with the winner.
"""
import hashlib
import json
import sys


def main():
    pages = [json.loads(line) for line in sys.stdin if line.strip()]
    records = [record for page in pages for record in page["items"]]
    previous, highest, leader = "", None, ""
    for place, record in enumerate(records, start=1):
        amount = record["amount"]["amount"] if record["amount"] else ""
        text = "\n".join([
            previous, str(record["sequence"]), record["kind"], record["bidderCode"], amount,
            "true" if record["accepted"] else "false", record["reason"], record["receivedAt"],
        ])
        if record["sequence"] != place:
            sys.exit(f"record {place}: the sequence has a gap")
        if record["previousHash"] != previous or record["hash"] != hashlib.sha256(text.encode()).hexdigest():
            sys.exit(f"record {place}: the hash does not fit")
        if record["kind"] == "bid" and record["accepted"]:
            if highest is not None and float(amount) <= highest:
                sys.exit(f"record {place}: an accepted bid does not exceed the one before")
            highest, leader = float(amount), record["bidderCode"]
        if record["kind"] == "close" and (record["bidderCode"] != leader or place != len(records)):
            sys.exit(f"record {place}: the close does not name the highest bidder, or is not the last record")
        previous = record["hash"]
    if pages and len(records) == pages[0]["count"] and previous != pages[0]["headHash"]:
        sys.exit("the last hash is not the published one")
    print(f"{len(records)} records, the chain holds" + (f", winner {leader} at {highest:.2f}" if leader else ""))


if __name__ == "__main__":
    main()
